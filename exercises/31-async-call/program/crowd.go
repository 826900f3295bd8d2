package program

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/31-async-call"

	"golang.org/x/sys/unix"
)

const (
	crowded = 20  // calls at once
	slow    = 100 // callbacks of one call that come to no end
)

// crowd begins many calls at once. Each child tells by a pipe that it works, and waits at the other for its turn to end.
func crowd(me syncpoint.Role) {
	must(unix.Mkfifo("present", 0o600))
	must(unix.Mkfifo("gate", 0o600))
	present := pipe("present")
	gate := pipe("gate") // open here, so that what the opener writes is kept
	var calls []*asynccall.Call
	for n := range crowded {
		calls = append(calls, asynccall.Begin("member", strconv.Itoa(n)))
	}
	me.Reach("all-begun")
	for range crowded {
		pass(present)
	}
	me.Reach("all-working")

	var called sync.WaitGroup
	never := make(chan bool)
	called.Add(slow)
	for range slow {
		calls[0].Then(func(string, error) {
			called.Done()
			<-never
		})
	}
	me.Reach("all-set-up")
	got := "whole answers"
	for n, call := range calls {
		answer, err := call.Get()
		switch {
		case err != nil:
			say(me, "all", "", err)
			got = "failure"
		case answer == answerOfMember(n) || got != "whole answers":
		case len(answer) == len(answerOfMember(n)):
			got = "the answer of another call"
		default:
			got = fmt.Sprintf("%d bytes of an answer", len(answer))
		}
	}
	me.Say("all", got)
	me.Reach("all-got")
	called.Wait()
	me.Reach("all-called")

	called.Add(2)
	calls[0].Then(func(string, error) { called.Done() })
	calls[1].Then(func(string, error) { called.Done() })
	me.Reach("late-set-up")
	called.Wait()
	me.Reach("late-called")
	syscall.Close(gate)
}

// member answers when it is let through the gate, with as much as a pipe holds while nobody reads.
func member() {
	present, gate := pipe("present"), pipe("gate")
	_, err := syscall.Write(present, []byte("."))
	must(err)
	pass(gate)
	n, err := strconv.Atoi(os.Args[2])
	must(err)
	os.Stdout.WriteString(answerOfMember(n))
}

// openGate lets everybody through the gate.
func openGate(me syncpoint.Role) {
	_, err := syscall.Write(pipe("gate"), make([]byte, crowded))
	must(err)
	me.Reach("opened")
}

func answerOfMember(n int) string {
	b := make([]byte, 60_000)
	for i := range b {
		b[i] = byte(n + i%251)
	}
	return string(b)
}

// pipe opens a named pipe so that neither this nor a read of it comes back for want of others.
func pipe(name string) int {
	fd, err := syscall.Open(name, syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	must(err)
	return fd
}

// pass reads one byte from a pipe.
func pass(fd int) {
	for {
		if _, err := syscall.Read(fd, make([]byte, 1)); err != syscall.EINTR {
			must(err)
			return
		}
	}
}

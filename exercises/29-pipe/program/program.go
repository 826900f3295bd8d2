// Package program is what the scenarios of pipe run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"

	"forklings/checker/syncpoint"
	"forklings/exercises/29-pipe"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	go func() { // when all goroutines sleep for ever, that is for the scenario to name, not for the Go runtime
		for {
			unix.Pause()
		}
	}()
	switch me {
	case "exchange":
		exchange(me)

	case "sizes":
		sizes(me)

	case "both-send":
		c, _ := start("send-first")
		me.Reach("started")
		sendFirst(me, c)

	case "broken":
		c, p := start("three-messages")
		me.Reach("started")
		wait(p)
		me.Say("sent", verdict(c.Send([]byte("anybody there?"))))
		me.Reach("refused")
		me.Say("sent", verdict(c.Send(nil)))
		me.Reach("refused-again")
		me.Say("messages", fmt.Sprintf("%q", []string{receive(c), receive(c), receive(c), receive(c)}))
		me.Reach("received")

	case "stuck":
		c, p := start("never-connects")
		me.Reach("sending")
		me.Say("sent", verdict(c.Send(pattern(10<<20))))
		me.Reach("sent")
		wait(p)
		must(c.Close())
		me.Reach("closed")

	case "beside":
		beside(me)

	case "cut":
		me.Say("cut", cutEverywhere())
		me.Reach("tried")

	case "relay":
		relay(me)

	case "writer": // on descriptors 0 and 1
		c := pipe.New(os.Stdin, os.Stdout)
		for _, m := range short() {
			must(c.Send(m))
		}
		must(c.Close())
		me.Reach("closed")

	case "reader":
		c := pipe.New(os.Stdin, os.Stdout)
		me.Say("messages", heard(c))
		me.Reach("heard")

	case "reader-gone":
		filter, in, out := run("filter", 0)
		must(out.Close())
		me.Reach("reader-closed")
		must(in.Close())
		wait(filter.Process)

	case "filter": // on descriptors 0 and 1; the latter is broken
		me.Reach("begun")
		c := pipe.New(os.Stdin, os.Stdout)
		me.Say("sent", verdict(c.Send([]byte("anybody there?"))))
		me.Reach("refused")
		me.Say("sent", verdict(c.Send([]byte("really nobody?"))))
		me.Reach("refused-again")

	case "grandparent":
		c, _ := start("leave-helper")
		me.Reach("started")
		me.Say("message", receive(c))
		me.Say("end", receive(c))
		me.Reach("ended")
		me.Say("sent", verdict(c.Send([]byte("anybody there?"))))
		me.Reach("refused")

	case "doomed":
		c, _ := start("outlive")
		me.Reach("started")
		must(c.Send([]byte("farewell")))
		startHelper()
		me.Reach("left")

	case "hears-close":
		c, _ := start("close")
		me.Reach("started")
		me.Say("message", receive(c))
		me.Say("end", receive(c))
		me.Reach("ended")
		must(c.Close())
		me.Reach("closed")

	case "hasty-child":
		c, p := start("send-and-exit")
		me.Reach("started")
		me.Say("message", compare(c, pattern(10<<20)))
		me.Say("end", receive(c))
		wait(p)
		me.Reach("received")

	case "two":
		two(me)

	case "unstartable":
		unstartable(me)

	case "helper": // another program, which has nothing to do with any connection
		me.Reach("helping")

	case "child":
		child(me)

	default:
		fmt.Fprintf(os.Stderr, "pipe: no role %q\n", me)
		os.Exit(125)
	}
}

// exchange receives in one goroutine while it sends in another one.
func exchange(me syncpoint.Role) {
	c, p := start("reply")
	me.Reach("started")
	received := make(chan bool)
	go func() {
		me.Reach("receiving")
		me.Say("message", receive(c))
		me.Reach("received")
		close(received)
	}()
	me.Reach("sending")
	must(c.Send([]byte("what is the time?")))
	me.Reach("sent")
	<-received
	me.Say("end", receive(c))
	me.Reach("ended")
	me.Say("end", receive(c))
	me.Reach("ended-again")
	must(c.Close())
	me.Say("status", wait(p))
	me.Reach("closed")
}

// sizes sends messages of many sizes, one after the other, and gets each of them back.
func sizes(me syncpoint.Role) {
	c, _ := start("echo")
	var sent, received [][]byte
	try := func(sizes ...int) {
		me.Say("echo", "unchanged")
		for _, n := range sizes {
			message := pattern(n)
			must(c.Send(message))
			back, err := c.Receive()
			must(err)
			sent, received = append(sent, pattern(n)), append(received, back)
			if what := judge(back, message); what != "unchanged" {
				fmt.Fprintf(os.Stderr, "of %d bytes came back: %s (%d bytes)\n", n, what, len(back))
				me.Say("echo", what)
				return
			}
		}
	}
	try(1, 2, 10, 255, 256, 257, 1000, 4096)
	me.Reach("short")
	try(1<<16, 1<<16-1, 1<<16+1, 1<<20)
	me.Reach("long")
	try(0, 0, 1)
	me.Reach("nothing")
	try(10 << 20)
	me.Reach("huge")
	if slices.EqualFunc(sent, received, slices.Equal[[]byte]) {
		me.Say("kept", "unchanged")
	} else {
		me.Say("kept", "overwritten")
	}
	must(c.Close())
	me.Reach("compared")
}

// A large message, and then many: more than the two pipes hold, and than somebody might set aside a place for.
const (
	large = 4 << 20
	many  = 1500
)

// sendFirst is what both sides do: send megabytes, and receive only then.
func sendFirst(me syncpoint.Role, c *pipe.Conn) {
	me.Reach("sending")
	must(c.Send(pattern(large)))
	for i := range many {
		must(c.Send(numbered(i)))
	}
	me.Say("messages", compare(c, pattern(large)))
	for i := range many {
		if what := compare(c, numbered(i)); what != "unchanged" {
			me.Say("messages", what)
			break
		}
	}
	me.Reach("received")
}

// two has two children at once, and runs another program beside them.
func two(me syncpoint.Role) {
	first, _ := start("report-end")
	me.Reach("started")
	second, _ := start("reply")
	me.Reach("started")
	done := make(chan bool)
	go func() {
		me.Say("first", receive(first))
		me.Reach("first-received")
		close(done)
	}()
	must(first.Send([]byte("for the first")))
	must(second.Send([]byte("for the second")))
	startHelper()
	me.Reach("sent")
	me.Say("second", receive(second))
	me.Reach("second-received")
	<-done
	must(first.Close())
	me.Reach("closed")
}

// child is what a child does that Start has started.
func child(me syncpoint.Role) {
	me.Say("output", output())
	if len(os.Args) < 3 || !slices.Equal(os.Args[3:], arguments) {
		fmt.Fprintf(os.Stderr, "the child's arguments are %q\n", os.Args[1:])
		me.Say("arguments", "changed")
		me.Reach("begun")
		os.Exit(1)
	}
	me.Say("arguments", "unchanged")
	me.Reach("begun")
	c, err := pipe.Parent()
	must(err)
	keep(c)
	switch os.Args[2] {
	case "reply":
		me.Say("message", receive(c))
		me.Reach("received")
		fmt.Println("a line that is no message")
		must(c.Send([]byte("noon")))
		me.Reach("sent")
		os.Exit(7)

	case "echo":
		for {
			message, err := c.Receive()
			if err == io.EOF {
				return
			}
			must(err)
			must(c.Send(message))
		}

	case "send-first":
		sendFirst(me, c)

	case "three-messages":
		for _, m := range []string{"one", "", "three"} {
			must(c.Send([]byte(m)))
		}

	case "leave-helper":
		must(c.Send([]byte("starting another program")))
		startHelper()

	case "close":
		must(c.Send([]byte("goodbye")))
		must(c.Close())
		me.Reach("closed")

	case "outlive":
		me.Say("message", receive(c))
		me.Say("end", receive(c))
		me.Reach("heard")
		me.Say("sent", verdict(c.Send([]byte("anybody there?"))))
		me.Reach("alone")

	case "send-and-exit":
		must(c.Send(pattern(10 << 20)))
		os.Exit(0)

	case "report-end":
		me.Say("message", receive(c))
		me.Reach("received")
		must(c.Send([]byte("thanks")))
		me.Say("end", receive(c))
		me.Reach("ended")
	}
}

// arguments are those that every child gets behind its role and what it is to do.
var arguments = []string{"two words", "", "line\nline"}

func start(what string) (*pipe.Conn, *os.Process) {
	c, p, err := pipe.Start(append([]string{"child", what}, arguments...)...)
	must(err)
	keep(c)
	return c, p
}

// kept is what lives as long as this process: the Go runtime closes a file when nobody can reach it any more, and who is at
// its other end would take that for an end of the connection.
var kept []any

func keep(x any) { kept = append(kept, x) }

// wait waits for a child that is this caller's, and gives its exit code.
func wait(p *os.Process) int {
	state, err := p.Wait()
	must(err)
	return state.ExitCode()
}

// receive is what Receive returns: a short message, or what became of it.
func receive(c *pipe.Conn) string {
	message, err := c.Receive()
	switch {
	case errors.Is(err, io.EOF):
		return "end of file"
	case err != nil:
		fmt.Fprintln(os.Stderr, "receive:", err)
		return "an error"
	case len(message) > 100:
		return "a long message"
	}
	return string(message)
}

// output tells whose standard output and standard error this process has.
func output() string {
	for fd := 1; fd <= 2; fd++ {
		own, err := os.Stat(fmt.Sprintf("/proc/self/fd/%d", fd))
		must(err)
		other, err := os.Stat(fmt.Sprintf("/proc/%d/fd/%d", os.Getppid(), fd))
		must(err)
		if !os.SameFile(own, other) {
			return fmt.Sprintf("not the parent's descriptor %d", fd)
		}
	}
	return "inherited"
}

// startHelper starts another program, which has this process's standard input, as far as there is one.
func startHelper() {
	helper := command("helper")
	if _, err := unix.FcntlInt(0, unix.F_GETFD, 0); err == nil {
		helper.Stdin = os.NewFile(0, "standard input")
	}
	helper.Stdout, helper.Stderr = os.Stdout, os.Stderr
	must(helper.Start())
}

// command is this program in another role, run by os/exec.
func command(role string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	return exec.Command(exe, role)
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

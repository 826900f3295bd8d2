package program

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"forklings/checker/syncpoint"
	"forklings/exercises/16-shared-memory"
)

// An adder updates until it has worked so long, whatever an update costs: enough for the scheduler to change between the
// adders many times, at any instruction, also on one CPU.
const (
	work   = 200 * time.Millisecond // of CPU
	adders = 3
)

// many has adders count up one number, and compares it with what they say they have added.
func many(me syncpoint.Role) {
	n, err := sharedmemory.Create(0)
	must(err)
	ready, begin, err := os.Pipe()
	must(err)
	var children []*exec.Cmd
	var said []io.Reader
	for range adders {
		exe, err := os.Executable()
		must(err)
		child := exec.Command(exe, "adder")
		child.Stderr, child.ExtraFiles = os.Stderr, []*os.File{n.File(), ready}
		out, err := child.StdoutPipe()
		must(err)
		must(child.Start())
		children, said = append(children, child), append(said, out)
	}
	me.Reach("started") // held here until all adders wait for the pipe's end
	must(begin.Close())
	added := int64(0)
	for i, child := range children {
		var count int64
		if _, err := fmt.Fscan(said[i], &count); err != nil {
			count = 0 // it says why on standard error
		}
		child.Wait()
		added += count
	}
	me.Say("lost", added-n.Load())
	me.Say("added", added >= adders)
	me.Reach("counted")
}

func add(me syncpoint.Role) {
	n := open(me)
	me.Reach("ready")
	syscall.Read(4, make([]byte, 1))
	count := 0
	for ; count%64 != 0 || worked() < work; count++ {
		must(n.Update(func(old int64) int64 { return old + 1 }))
	}
	fmt.Println(count)
}

// worked is how long this process has been on a CPU.
func worked() time.Duration {
	var u syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

package program

import (
	"os"
	"runtime"
	"slices"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// changing has threads that end while somebody looks at them: a thread ends with the goroutine that has locked it. In each of 24
// rounds four begin, and end when the watcher has begun to look. Until then this process does not sleep: where both have one CPU,
// it is given that in the midst of a look.
func changing(me syncpoint.Role) {
	must(unix.Mkfifo("rounds", 0o600))
	must(unix.Mkfifo("looking", 0o600))
	me.Reach("ready")
	rounds, err := os.OpenFile("rounds", os.O_WRONLY, 0)
	must(err)
	looking, err := os.Open("looking")
	must(err)
	must(unix.SetNonblock(int(looking.Fd()), true))
	for range 24 {
		begun, end, ended := make(chan bool), make(chan bool), make(chan bool)
		for range 4 {
			go func() {
				runtime.LockOSThread()
				begun <- true
				<-end
				ended <- true
			}()
		}
		for range 4 {
			<-begun
		}
		rounds.Write([]byte{'.'})
		n, err := 0, error(unix.EAGAIN)
		for err == unix.EAGAIN {
			yield()
			n, err = unix.Read(int(looking.Fd()), make([]byte, 1))
		}
		if n < 1 { // nobody asks any more
			break
		}
		close(end)
		for range 4 {
			<-ended
		}
	}
	rounds.Close()
	read()
}

// watcher asks about a process whose threads change, in each round until they have, and so until they change no more.
func watcher(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	rounds, err := os.Open("rounds")
	must(err)
	looking, err := os.OpenFile("looking", os.O_WRONLY, 0)
	must(err)
	of, switches := error(nil), error(nil)
	for of == nil && switches == nil {
		if n, _ := rounds.Read(make([]byte, 1)); n == 0 {
			break
		}
		before := threads(pid)
		looking.Write([]byte{'.'})
		for there := before; of == nil && switches == nil && slices.Equal(there, before); there = threads(pid) {
			_, of = states.Of(pid)
			_, _, switches = states.Switches(pid)
		}
	}
	me.Say("of", verdict(of))
	me.Say("switches", verdict(switches))
	me.Reach("asked")
}

// tracer has stopped a process, and traces all its threads then (ptrace(2)). It lets go when it ends.
func tracer(me syncpoint.Role) {
	pid := number(os.Args[2])
	runtime.LockOSThread()
	me.Reach("up")
	for _, tid := range threads(pid) {
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, 0, 0, 0)
		for errno == 0 && state(tid) != 't' {
			yield()
		}
		me.Say("tracing", errno == 0)
	}
	me.Reach("tracing")
	ask(me, pid)
}

// traced waits to be stopped, by whomever, and traced.
func traced(me syncpoint.Role) {
	arrange.Traceable()
	me.Reach("ready")
	read()
}

package program

import (
	"os"
	"runtime"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// changing has threads that end while somebody looks at them: a thread ends with the goroutine that has locked it. In each of 24
// rounds four begin, and end a moment after the watcher was told of them, later in one round than in another. The next round waits
// for the watcher: one of the two may be kept from a CPU, or both may have one only.
func changing(me syncpoint.Role) {
	must(unix.Mkfifo("rounds", 0o600))
	must(unix.Mkfifo("looked", 0o600))
	me.Reach("ready")
	rounds, err := os.OpenFile("rounds", os.O_WRONLY, 0)
	must(err)
	looked, err := os.Open("looked")
	must(err)
	for n := range 24 {
		begun, end := make(chan bool), make(chan bool)
		for range 4 {
			go func() {
				runtime.LockOSThread()
				begun <- true
				<-end
			}()
		}
		for range 4 {
			<-begun
		}
		rounds.Write([]byte{'.'})
		time.Sleep(time.Duration(n%8) * 40 * time.Microsecond)
		close(end)
		if n, _ := looked.Read(make([]byte, 1)); n == 0 { // nobody asks any more
			break
		}
	}
	rounds.Close()
	read()
}

// watcher asks about a process whose threads change, a few times in each round, until they change no more.
func watcher(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	rounds, err := os.Open("rounds")
	must(err)
	looked, err := os.OpenFile("looked", os.O_WRONLY, 0)
	must(err)
	of, switches := error(nil), error(nil)
	for of == nil && switches == nil {
		if n, _ := rounds.Read(make([]byte, 1)); n == 0 {
			break
		}
		for looks := 0; looks < 3 && of == nil && switches == nil; looks++ {
			_, of = states.Of(pid)
			_, _, switches = states.Switches(pid)
		}
		looked.Write([]byte{'.'})
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

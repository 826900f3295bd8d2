package program

import (
	"fmt"
	"os"
	"runtime"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// changing has 240 threads that begin and end, a few at a time: a thread ends with the goroutine that has locked it. It tells of
// each round.
func changing(me syncpoint.Role) {
	must(unix.Mkfifo("rounds", 0o600))
	me.Reach("ready")
	rounds, err := os.OpenFile("rounds", os.O_WRONLY, 0)
	must(err)
	for range 60 {
		ended := make(chan bool)
		for range 4 {
			go func() {
				runtime.LockOSThread()
				ended <- true
			}()
		}
		for range 4 {
			<-ended
		}
		rounds.Write([]byte{'.'}) // who is not asked any more goes on
	}
	rounds.Close()
	read()
}

// watcher asks about a process whose threads change, until 12 threads that it had found itself had ended before it looked,
// or until they change no more. It asks a few times after each round: when that process is kept from a CPU, it waits.
func watcher(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	rounds, err := os.Open("rounds")
	must(err)
	of, switches := error(nil), error(nil)
	some := make([]byte, 4096) // all that there have been meanwhile
	for ended, looks := 0, 0; ended < 12 && of == nil && switches == nil; looks++ {
		if looks%3 == 0 {
			if n, _ := rounds.Read(some); n == 0 {
				break
			}
		}
		for _, tid := range threads(pid) {
			if _, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/stat", pid, tid)); err != nil {
				ended++
			}
		}
		_, of = states.Of(pid)
		_, _, switches = states.Switches(pid)
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

// Package program is what the scenarios of states run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		life ROLE [NAME]
		named NAME
		waiter [interrupted]
		observer|asker|signaller|looker|nobody|waiter-for-strangers|counter|watcher|tracer PID`)
	switch me {
	case "held", "first", "second", "mate", "bystander":
		me.Reach("ready")
		os.Exit(7)

	case "reader": // is blocked in the read of a pipe that nobody writes to
		onMainThread()
		aside(func() {
			me.Reach("ready")
			read()
		})
		select {}

	case "named": // has all its threads called so
		rename(os.Args[2])
		me.Reach("ready")
		read()

	case "headless": // its main thread ends, and another one goes on
		onMainThread()
		released := make(chan bool)
		aside(func() {
			me.Reach("ready") // before: a process without its main thread does not find its own /proc/self/exe
			close(released)
			for state(os.Getpid()) != 'Z' {
				yield()
			}
			read()
		})
		<-released
		syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0)

	case "spinner": // one thread works without pause, the last of many
		withoutPreemption()
		onMainThread()
		for range 20 {
			aside(func() { select {} })
		}
		aside(func() {
			me.Reach("ready")
			for {
			}
		})
		select {}

	case "family": // a group of two, in which a stop by request (Ctrl-Z) is ignored
		mate := child("mate")
		signal.Ignore(syscall.SIGTSTP)
		me.Reach("ready")
		read()
		mate.Wait()

	case "life":
		life(me)
	case "observer":
		pid := number(os.Args[2])
		me.Reach("up")
		ask(me, pid)
	case "asker":
		asker(me)
	case "signaller":
		signaller(me)
	case "looker":
		looker(me)
	case "ended":
	case "nobody":
		nobody(me)

	case "changing":
		changing(me)
	case "watcher":
		watcher(me)
	case "traced":
		traced(me)
	case "tracer":
		tracer(me)

	case "waiter":
		waiter(me)
	case "overtaken":
		overtaken(me)
	case "two-waiters":
		twoWaiters(me)
	case "waiter-for-one":
		waiterForOne(me)
	case "waiter-for-strangers":
		pid := number(os.Args[2])
		me.Reach("up")
		_, err := states.Wait(pid)
		me.Say("stranger", verdict(err))
		me.Reach("told")
		c := child("ended")
		_, err = states.Wait(c.Process.Pid)
		must(err)
		me.Reach("child-told")
		c.Wait()
		_, err = states.Wait(c.Process.Pid)
		me.Say("reaped", verdict(err))
		me.Reach("asked-again")

	case "counter":
		counter(me)
	case "sleeper":
		onMainThread()
		aside(func() {
			for {
				me.Reach("ready")
			}
		})
		select {}
	case "rival":
		rival(me)
	case "preempted":
		preempted(me)

	case "grandparent":
		grandparent(me)
	case "starter":
		starter(me)

	default:
		fmt.Fprintf(os.Stderr, "states: no role %q\n", me)
		os.Exit(125)
	}
}

// life asks about a child in the role that the other arguments name, from its birth until nothing is left of it. The
// parent knows from the kernel that each change has come about; of Stop and Wait it makes no use.
func life(me syncpoint.Role) {
	c := child(os.Args[2:]...)
	pid := c.Process.Pid
	me.Reach("started")
	ask(me, pid)

	must(syscall.Kill(pid, syscall.SIGSTOP))
	await(pid, unix.WSTOPPED)
	ask(me, pid)
	must(syscall.Kill(pid, syscall.SIGCONT))
	await(pid, unix.WCONTINUED)
	ask(me, pid)
	must(syscall.Kill(pid, syscall.SIGKILL))
	await(pid, unix.WEXITED)
	ask(me, pid)
	c.Wait()
	ask(me, pid)
}

// ask says what the process's state is.
func ask(me syncpoint.Role, pid int) {
	state, err := states.Of(pid)
	tell(me, state, err)
}

func tell(me syncpoint.Role, state states.State, err error) {
	if err != nil {
		me.Say("state", "none")
		me.Say("alive", "none")
	} else {
		me.Say("state", string(rune(state)))
		me.Say("alive", state.Alive())
	}
	me.Reach("asked")
}

// asker asks about a process, and after each thing that happens to it. It waits, by looks of its own, until that has come
// about.
func asker(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	// Beside a thread in state D the Go runtime's own housekeeping wakes up for moments: then the process runs.
	state, err := states.Of(pid)
	for tries := 0; tries < 10000 && err == nil && state == states.Running; tries++ {
		state, err = states.Of(pid)
	}
	tell(me, state, err)
	must(states.Stop(pid))
	me.Reach("stopped")
	settle(pid)
	ask(me, pid)
	settle(pid)
	ask(me, pid)
	must(states.Continue(pid))
	me.Reach("continued")
	settle(pid)
	ask(me, pid)
}

// signaller stops a process twice, and continues it twice.
func signaller(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	must(states.Stop(pid))
	must(states.Stop(pid))
	me.Reach("stopped")
	must(states.Continue(pid))
	must(states.Continue(pid))
	me.Reach("continued")
}

// looker asks after each signal of its own. Somebody else may have sent another one meanwhile.
func looker(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	must(states.Stop(pid))
	me.Reach("stopped")
	ask(me, pid)
	must(states.Continue(pid))
	me.Reach("continued")
	ask(me, pid)
}

// nobodys is the first number that is never a PID (proc_sys_kernel(5), pid_max).
const nobodys = 1 << 22

// nobody hands over numbers that are no PIDs: for kill(2) they are groups.
func nobody(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	me.Say("stop-group", verdict(states.Stop(-pid)))
	me.Say("stop-0", verdict(states.Stop(0)))
	huge := int64(1) << 32 // the lower half is 0
	me.Say("stop-huge", verdict(states.Stop(int(huge))))
	me.Say("stop-wide", verdict(states.Stop(int(huge|int64(pid)))))         // the lower half is a PID
	me.Say("stop-unsigned", verdict(states.Stop(int(int64(uint32(-pid)))))) // 32 bits, for kill(2) below 0
	me.Say("stop-none", verdict(states.Stop(nobodys)))
	me.Reach("stopped")
	me.Say("continue-group", verdict(states.Continue(-pid)))
	me.Say("continue-0", verdict(states.Continue(0)))
	me.Say("continue-huge", verdict(states.Continue(int(huge))))
	me.Say("continue-wide", verdict(states.Continue(int(huge|int64(pid)))))
	me.Say("continue-unsigned", verdict(states.Continue(int(int64(uint32(-pid))))))
	me.Say("continue-none", verdict(states.Continue(nobodys)))
	me.Reach("continued")
	ended := child("ended").Process.Pid
	await(ended, unix.WEXITED)
	_, err := states.Wait(-1)
	me.Say("wait-any", verdict(err))
	_, err = states.Wait(int(huge | int64(ended)))
	me.Say("wait-wide", verdict(err))
	_, err = states.Of(int(huge | int64(pid)))
	me.Say("of-wide", verdict(err))
	_, _, err = states.Switches(int(huge | int64(pid)))
	me.Say("switches-wide", verdict(err))
	_, err = states.Wait(0)
	me.Say("wait-0", verdict(err))
	_, err = states.Of(0)
	me.Say("of-0", verdict(err))
	_, err = states.Of(-pid)
	me.Say("of-group", verdict(err))
	_, _, err = states.Switches(0)
	me.Say("switches-0", verdict(err))
	_, _, err = states.Switches(nobodys)
	me.Say("switches-none", verdict(err))
	me.Reach("refused")
}

// waiter tells of a child's changes until it has ended and was told so twice.
func waiter(me syncpoint.Role) {
	c := child("held")
	me.Reach("started")
	if len(os.Args) > 2 { // a signal interrupts a call (EINTR)
		arrange.Interruptible()
		me.Interrupt("interrupting")
	}
	for ends := 0; ends < 2; {
		change, err := states.Wait(c.Process.Pid)
		must(err)
		me.Say("change", change)
		if change == states.HasEnded {
			ends++
		}
		me.Reach("told")
	}
	me.Say("status", c.Wait())
	me.Reach("reaped")
}

// twoWaiters has two goroutines wait for the same child, which is stopped and continued a few times: each change is told
// to one of them, and then the end to both. When it is stopped first, both wait, and both are told before either can act on that.
func twoWaiters(me syncpoint.Role) {
	withoutPreemption()
	runtime.GOMAXPROCS(1)
	c := child("held")
	me.Reach("started")
	news := make(chan states.Change, 64)
	for range 2 {
		go func() {
			for change := states.Change(""); change != states.HasEnded; {
				var err error
				change, err = states.Wait(c.Process.Pid)
				must(err)
				news <- change
			}
		}()
	}
	me.Reach("waiting")
	told := "once"
	is := func(s syscall.Signal, effect int, expected states.Change) bool {
		newFiles(c.Process.Pid).tellAll(c.Process.Pid, s, effect)
		if <-news != expected {
			told = "twice"
		}
		return told == "once"
	}
	for n := 0; n < 8 && is(syscall.SIGSTOP, unix.WSTOPPED, states.HasStopped) && is(syscall.SIGCONT, unix.WCONTINUED, states.HasContinued); n++ {
	}
	must(c.Process.Kill())
	for ends := 0; ends < 2; {
		if <-news == states.HasEnded {
			ends++
		} else {
			told = "twice"
		}
	}
	me.Say("told", told)
	me.Reach("told")
}

// waiterForOne has two children, and waits for changes of the one and of the other.
func waiterForOne(me syncpoint.Role) {
	first, second := child("first"), child("second")
	me.Reach("started")
	told := make(chan bool)
	go func() {
		change, err := states.Wait(first.Process.Pid)
		must(err)
		me.Say("first", change)
		me.Reach("first-told")
		close(told)
	}()
	me.Reach("waiting")
	change, err := states.Wait(second.Process.Pid)
	must(err)
	me.Say("second", change)
	me.Reach("second-told")
	<-told
}

// aside runs f on a thread of its own, which is not the main one.
func aside(f func()) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		close(done)
		f()
	}()
	<-done
}

// onMainThread keeps this goroutine on the main thread. If the Go runtime has moved it already, it begins again.
func onMainThread() {
	runtime.LockOSThread()
	if unix.Gettid() != os.Getpid() {
		again()
	}
}

// withoutPreemption begins again without the Go runtime's own preemption, by which a goroutine may change threads while
// somebody looks at one after the other.
func withoutPreemption() {
	const off = "asyncpreemptoff=1"
	if os.Getenv("GODEBUG") != off {
		os.Setenv("GODEBUG", off)
		again()
	}
}

func again() {
	exe, err := os.Executable()
	must(err)
	must(syscall.Exec(exe, os.Args, os.Environ()))
}

func read() {
	var pipe [2]int
	must(syscall.Pipe(pipe[:]))
	syscall.Read(pipe[0], make([]byte, 1))
}

// rename gives all threads this name (proc_pid_comm(5)).
func rename(name string) {
	name, err := strconv.Unquote(`"` + name + `"`)
	must(err)
	for range 2 { // a new thread is called like the one that has made it
		for _, tid := range threads(os.Getpid()) {
			os.WriteFile(fmt.Sprintf("/proc/self/task/%d/comm", tid), []byte(name), 0)
		}
	}
}

// child starts this program in another role. Its output is the parent's.
func child(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

// await returns when this has happened to the child, and leaves it to be waited for. It looks without a sleep: beside a
// child that works by design, nobody could be seen moving.
func await(pid, what int) {
	for {
		var info unix.Siginfo
		must(unix.Waitid(unix.P_PID, pid, &info, what|unix.WNOWAIT|unix.WNOHANG, nil))
		if info.Signo != 0 {
			return
		}
		yield()
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	must(err)
	return n
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

func must(err error) {
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

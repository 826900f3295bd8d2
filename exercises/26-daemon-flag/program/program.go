// Package program is what the scenarios of daemon-flag run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/26-daemon-flag"

	"golang.org/x/sys/unix"
)

// Main is what every process of this program runs.
func Main() {
	if slices.Contains(os.Args, "late") {
		outwaitParent()
	}
	daemonflag.Begin()
	me := arrange.Role("continue|tracer PID")
	afterwards := run(me)
	daemonflag.End()
	me.Reach("over")
	if afterwards != nil {
		afterwards()
	}
}

// run runs the role named by the first argument, and returns what is left to do behind End.
func run(me syncpoint.Role) (afterwards func()) {
	switch me {
	case "logger", "mailer", "worker", "helper", "stranger", "late":
		me.Say("arguments", fmt.Sprintf("%q", os.Args[2:]))
		me.Reach("working")
		fmt.Println(me, "is done")
		fmt.Fprintln(os.Stderr, me, "is done")

	case "traced":
		unix.Prctl(unix.PR_SET_PTRACER, unix.PR_SET_PTRACER_ANY, 0, 0, 0) // an error says that nobody asks
		me.Reach("working")

	case "tracer":
		trace(me)

	case "stubborn":
		signal.Ignore()
		me.Reach("working")

	case "tidy":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
		defer me.Reach("cleaning")
		me.Reach("working")
		<-asked

	case "parent", "family", "fresh":
		start(me)
		me.Reach("started")

	case "parent-tidying":
		start(me)
		me.Reach("started")
		debug.FreeOSMemory() // what is reachable no more is cleaned up now: a file that nobody keeps is closed
		me.Reach("working")

	case "parent-of-strangers":
		return haveStrangers(me)

	case "parent-on-threads":
		onThreads(me)

	case "parent-setting":
		return setLate(me)

	case "parent-joining":
		return joinBeside(me)

	case "parent-having-joined":
		p := daemonflag.New(true, "logger")
		must(daemonflag.New(true, "mailer").Start())
		must(p.Start())
		me.Reach("started")
		must(p.Join())
		me.Reach("working")

	case "parent-limited":
		p := daemonflag.New(true, "logger")
		q := daemonflag.New(false, "worker")
		refused := true
		arrange.Descriptors(0, func() { refused = p.Start() != nil && q.Start() != nil })
		me.Say("refused", refused)
		me.Say("set", outcome(errors.Join(p.SetDaemon(true), q.SetDaemon(false))))
		me.Reach("asked")
		for _, p := range []*daemonflag.Process{p, q} {
			me.Say("join", outcome(p.Join()))
			me.Reach("joined")
		}

	case "parent-too-soon":
		for _, daemon := range []bool{true, false} {
			me.Say("join", outcome(daemonflag.New(daemon, "helper").Join()))
			me.Reach("asked")
		}

	case "continue":
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		syscall.Kill(pid, syscall.SIGCONT) // an error says that it is gone

	case "breeder":
		breed(me)

	default:
		fmt.Fprintf(os.Stderr, "daemon-flag: no role %q\n", me)
		os.Exit(125)
	}
	return nil
}

// start starts the children that the arguments describe, and keeps nothing of them. KIND:ROLE says what a child is to
// be, and how that is said. A family has children of its own, and a mailer is given arguments of all kinds.
func start(me syncpoint.Role) {
	var all []*daemonflag.Process
	for _, arg := range os.Args[2:] {
		kind, role, _ := strings.Cut(arg, ":")
		args := []string{role}
		switch role {
		case "family":
			args = append(args, "daemon:logger", "child:helper")
		case "mailer":
			args = append(args, "two words", "", "two\nlines")
		}
		p := daemonflag.New(kind == "daemon" || kind == "unmade-daemon", args...)
		switch kind {
		case "unmade-daemon":
			must(p.SetDaemon(false))
		case "made-daemon", "unstarted":
			must(p.SetDaemon(false)) // the last word counts
			must(p.SetDaemon(true))
		}
		if kind != "unstarted" {
			all = append(all, p)
		}
	}
	me.Reach("described")
	for _, p := range all {
		must(p.Start())
	}
}

// haveStrangers starts a daemon, and two processes that the learner's functions have nothing to do with: one has ended
// when the program ends, the other runs on, and has a child.
func haveStrangers(me syncpoint.Role) (afterwards func()) {
	must(daemonflag.New(true, "logger").Start())
	ended, running := exec.Command(executable(), "stranger"), exec.Command(executable(), "fresh", "child:helper")
	ended.Stderr, running.Stderr = os.Stderr, os.Stderr
	// What daemons may have, others may have as well: a pipe, and a signal at the end of who has started them.
	r, w, err := os.Pipe()
	must(err)
	running.ExtraFiles = []*os.File{r}
	running.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(ended.Start())
	me.Reach("started")
	must(running.Start())
	me.Reach("working")
	return func() {
		must(ended.Wait())
		me.Reach("one-collected")
		must(running.Wait())
		r.Close()
		w.Close()
		me.Reach("collected")
	}
}

// init keeps main on the first thread, where it matters: a program has that one to its end, so whoever starts a daemon
// there by luck learns nothing, and a stranger that is tied to it goes on.
func init() { arrange.FirstThread("daemon-flag", "parent-on-threads", "parent-of-strangers") }

// onThreads starts daemons from two goroutines, one of which takes its thread along when it ends, and lets every
// other thread end that nobody keeps.
func onThreads(me syncpoint.Role) {
	var tid int
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		tid = unix.Gettid()
		must(daemonflag.New(true, "logger").Start())
		close(done)
	}()
	<-done
	me.Reach("started")
	done = make(chan bool)
	go func() {
		must(daemonflag.New(true, "mailer").Start())
		close(done)
	}()
	<-done
	me.Reach("started-both")
	arrange.EndThreads()
	me.Reach("working")
	_, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", tid))
	me.Say("thread-ended", errors.Is(err, os.ErrNotExist))
	me.Reach("looked")
}

// setLate sets the flag of children that have been started, and again when they have ended.
func setLate(me syncpoint.Role) (afterwards func()) {
	logger, worker := daemonflag.New(true, "logger"), daemonflag.New(false, "worker")
	must(logger.Start())
	must(worker.Start())
	me.Reach("started")
	set(me, logger, true, false)
	me.Reach("logger-set")
	set(me, worker, false, true)
	me.Reach("working")
	return func() {
		set(me, logger, true, false)
		me.Reach("logger-set-again")
		set(me, worker, false, true)
		me.Reach("worker-set-again")
	}
}

// set sets both values, and says what became of it: the same value is no exception.
func set(me syncpoint.Role, p *daemonflag.Process, same, other bool) {
	me.Say("same", outcome(p.SetDaemon(same)))
	me.Say("other", outcome(p.SetDaemon(other)))
}

// joinBeside has goroutines in Join when the program ends.
func joinBeside(me syncpoint.Role) (afterwards func()) {
	logger, worker := daemonflag.New(true, "logger"), daemonflag.New(false, "worker")
	must(logger.Start())
	must(worker.Start())
	me.Reach("started")
	joined := make(chan bool)
	join := func(p *daemonflag.Process, point string) {
		must(p.Join())
		me.Reach(point)
		joined <- true
	}
	go join(logger, "logger-joined")
	go join(worker, "worker-joined")
	go join(worker, "worker-joined-too")
	me.Reach("working")
	return func() { <-joined; <-joined; <-joined }
}

// breed tries to have children, as a daemon, and then runs this same program in the ordinary way.
func breed(me syncpoint.Role) {
	me.Reach("working")
	me.Say("daemon", outcome(daemonflag.New(true, "helper").Start()))
	me.Reach("asked")
	me.Say("child", outcome(daemonflag.New(false, "helper").Start()))
	me.Reach("asked-again")
	fresh := exec.Command(executable(), "fresh", "daemon:logger", "child:helper")
	fresh.Stderr = os.Stderr
	must(fresh.Run())
	me.Reach("ran")
}

// outwaitParent keeps a child from calling Begin until its parent has ended.
func outwaitParent() {
	parent, err := unix.PidfdOpen(os.Getppid(), 0)
	must(err)
	syncpoint.Role("late").Reach("waiting")
	for n := 0; n <= 0; { // interrupted: again
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(parent), Events: unix.POLLIN}}, -1)
	}
	unix.Close(parent)
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "nil"
	case strings.Contains(err.Error(), "process has already started"):
		return "already started"
	}
	return "error"
}

func executable() string {
	exe, err := os.Executable()
	must(err)
	return exe
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

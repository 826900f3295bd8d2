// Package program is what the scenarios of orphan run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/22-orphan"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("parent of|of-child-and-child|with-settings|failing|with-ending-thread|with-exec|another-program|hasty|waiting [ROLE...]")
	switch me {
	case "adopter": // of the orphans below it; the further arguments are its child's
		must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		child := ordinary(os.Args[2:]...)
		me.Reach("adopting")
		child.Wait() // how that ended says nothing about this process
		me.Reach("reaped")
		continueChildren()
		me.Say("status", collect())
		me.Reach("waited")

	case "grandparent":
		start("parent", "of-child-and-child")
		me.Reach("started")

	case "parent":
		parent(me, os.Args[2], os.Args[3:])

	case "child", "first", "second", "third":
		go pause()
		me.Reach("begins")
		me.Say("parent", await(me))
		me.Reach("told")
		work()
		again, now := await(me), os.Getppid()
		me.Say("parent", again)
		me.Say("current", again == now)
		me.Reach("told-again")
		me.Say("often", often())
		me.Reach("asked-often")
		os.Exit(7)

	case "interrupted":
		resized := make(chan os.Signal, 1)
		signal.Notify(resized, syscall.SIGWINCH)
		me.Reach("begins")
		me.Interrupt("awaiting")
		me.Say("parent", await(me))
		me.Say("signals", len(resized))
		me.Reach("told")

	case "pair":
		go pause()
		me.Reach("begins")
		var both sync.WaitGroup
		both.Go(func() {
			me.Say("parent", await(me))
			me.Reach("one-told")
		})
		both.Go(func() {
			me.Say("other-parent", await(me))
			me.Reach("one-told")
		})
		both.Wait()
		me.Reach("told")

	case "cramped": // may have no descriptor more than it has, when it asks first
		r, w, err := os.Pipe() // the first one brings the Go runtime's own descriptors along
		must(err)
		must(errors.Join(r.Close(), w.Close()))
		go pause()
		me.Reach("begins")
		me.Say("cramped", "waits")
		me.Say("cramped", cramped())
		me.Say("parent", await(me))
		me.Reach("told")

	case "given":
		me.Say("arguments", fmt.Sprintf("%q", os.Args[1:]))
		empty, found := os.LookupEnv("EMPTY")
		me.Say("environment", fmt.Sprintf("%q %q %t", os.Getenv("ODD"), empty, found))
		for fd := range 3 {
			me.Say(fmt.Sprint("file-", fd), pointsTo(fd))
		}
		me.Reach("begins")

	case "short":
		me.Reach("begins")
		os.Exit(9)

	case "stranger":
		me.Reach("held")

	default:
		fmt.Fprintf(os.Stderr, "orphan: no role %q\n", me)
		os.Exit(125)
	}
}

// parent starts children by the learner's function, in one way or another.
func parent(me syncpoint.Role, kind string, children []string) {
	switch kind {
	case "of":
		for _, child := range children {
			start(child)
		}
		me.Reach("started")

	case "of-child-and-child": // is a child itself, and asks for the end of its own parent after it has started one
		start("child")
		me.Reach("started")
		me.Say("parent", await(me))
		me.Reach("told")

	case "with-settings":
		letter, err := os.Open("letter.txt")
		must(err)
		must(unix.Dup3(int(letter.Fd()), 0, 0))
		must(os.Setenv("ODD", "a=b\nc"))
		must(os.Setenv("EMPTY", ""))
		start("given", "two words", "", "line\nline", "\xff", "$HOME")
		me.Reach("started")

	case "failing": // a string of argv has at most 32 pages (execve(2))
		child, err := orphan.Start("child", strings.Repeat("x", 32*os.Getpagesize()))
		me.Say("failed", failure(child, err))
		me.Reach("refused")
		start("child")
		me.Reach("started")

	case "with-ending-thread":
		onFirstThread() // which would not end: other goroutines must not come to it
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // so that the thread ends with the goroutine
			start("child")
			me.Reach("started")
			close(done)
		}()
		<-done
		me.Reach("thread-ended")

	case "with-exec":
		start("child")
		ordinary("stranger")
		me.Reach("started")
		must(syscall.Exec(executable(), []string{"parent", "parent", "another-program"}, os.Environ()))

	case "another-program":
		me.Reach("another-program")

	case "hasty":
		child := start("child")
		must(unix.Kill(child.Pid, unix.SIGSTOP)) // before it has come to code of its own
		must(unix.Kill(unix.Getpid(), unix.SIGKILL))

	case "waiting":
		child := start("short")
		me.Reach("started")
		state, err := child.Wait()
		must(err)
		me.Say("status", state.ExitCode())
		me.Reach("waited")

	default:
		fmt.Fprintf(os.Stderr, "orphan: no parent %q\n", kind)
		os.Exit(125)
	}
}

// onFirstThread keeps the caller on the process's first thread. Where the Go runtime has moved it to another one
// already, the program begins again: an exec ends all threads but the first (execve(2)).
func onFirstThread() {
	runtime.LockOSThread()
	if unix.Gettid() != unix.Getpid() {
		must(syscall.Exec(executable(), os.Args, os.Environ()))
	}
}

// start calls the learner's function.
func start(args ...string) *os.Process {
	child, err := orphan.Start(args...)
	must(err)
	return child
}

// await calls the learner's function.
func await(me syncpoint.Role) int {
	parent, err := orphan.Await()
	if err != nil {
		me.Say("await", "error")
		must(err)
	}
	return parent
}

// cramped calls the learner's function while this process has as much open as it may.
func cramped() string {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	must(unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 64, Max: limit.Max}))
	var all []int
	fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 0)
	for ; err == nil; fd, err = unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 0) {
		all = append(all, fd)
	}
	parent, err := orphan.Await()
	for _, fd := range all {
		must(unix.Close(fd))
	}
	must(unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	if err != nil {
		return "error"
	}
	return strconv.Itoa(parent)
}

// failure tells what came of a start that cannot succeed.
func failure(child *os.Process, err error) string {
	switch {
	case err != nil:
		return "error"
	case child == nil:
		return "neither a child nor an error"
	}
	return "a child"
}

// often calls the learner's function a hundred times, and tells whether that has used up descriptors.
func often() string {
	before := len(arrange.Links())
	for range 100 {
		_, err := orphan.Await()
		must(err)
	}
	if len(arrange.Links())-before >= 50 {
		return "more and more descriptors"
	}
	return "as before"
}

// pause sleeps for ever in a system call. Go ends a program all of whose goroutines wait for each other.
func pause() {
	for {
		unix.Pause()
	}
}

// work is what a child does on its own: it opens files, which get the numbers that are free, and writes.
func work() {
	must(unix.Pipe2(make([]int, 2), unix.O_CLOEXEC))
	fmt.Println("still here")
	fmt.Fprintln(os.Stderr, "still here")
}

func pointsTo(fd int) string {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		return "closed"
	}
	return filepath.Base(path)
}

// ordinary starts a child as everybody does.
func ordinary(args ...string) *exec.Cmd {
	cmd := exec.Command(executable(), args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

// continueChildren lets all children go on that are stopped (proc_pid_task_tid_children(5)).
func continueChildren() {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		pids, _ := os.ReadFile(list)
		for _, child := range strings.Fields(string(pids)) {
			pid, err := strconv.Atoi(child)
			must(err)
			must(unix.Kill(pid, unix.SIGCONT))
		}
	}
}

// collect waits for all children, adopted ones too, and tells how the last one ended.
func collect() string {
	last := "no child"
	for {
		var w unix.WaitStatus
		switch _, err := unix.Wait4(-1, &w, 0, nil); {
		case err == unix.EINTR:
		case err != nil:
			return last
		case w.Exited():
			last = fmt.Sprint(w.ExitStatus())
		default:
			last = w.Signal().String()
		}
	}
}

func executable() string {
	path, err := os.Executable()
	must(err)
	return path
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

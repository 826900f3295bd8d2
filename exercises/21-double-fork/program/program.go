// Package program is what the scenarios of double-fork run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/21-double-fork"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument. In a middle process it stops at the gate before the end.
func Main() {
	if doublefork.Middle() {
		gate()
		return
	}
	me := arrange.Role("failing PATH\nfailing-adopter PATH")
	if len(os.Args) == 1 {
		me = "bare"
	}
	switch me {
	case "bare":
		me.Reach("running")

	case "grandchild", "first", "second", "bystander":
		if me == "bystander" {
			collectGarbage()
		}
		tell(me)
		me.Reach("running")

	case "doorkeeper": // keeps the gate closed
		f, err := os.Create("gate")
		must(err)
		must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
		me.Reach("closed")

	case "adopter":
		must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		ordinary("shell")
		me.Reach("held")
		start(me, "second")
		me.Say("subreaper", subreaper())
		me.Reach("started")

	case "shell":
		me.Reach("begins")
		ordinary("starter").Wait() // how that ended says nothing about this process

	case "starter":
		me.Reach("starting")
		start(me, "grandchild")
		me.Reach("started")

	case "starter-high": // its middle process and its grandchild have PIDs that are no exit status
		raisePIDs()
		start(me, "grandchild")
		me.Reach("started")

	case "starter-with-settings":
		must(os.Mkdir("home", 0o755))
		must(os.Symlink("../gate", "home/gate")) // from there it is the same one
		letter, err := os.Open("letter.txt")
		must(err)
		must(unix.Dup3(int(letter.Fd()), 0, 0))
		must(os.Symlink(executable(), "home/program"))
		must(os.Chdir("home"))
		os.Clearenv()
		must(os.Setenv("COLOR", "blue"))
		must(os.Setenv("EMPTY", ""))
		must(os.Setenv("ODD", "a=b\nc"))
		startFile(me, "./../home/program", "grandchild", "two words", "", "line\nline", "\xff", "$HOME")
		me.Say("own", settings())
		me.Reach("started")

	case "starter-nearby": // the program is in its directory, and not in PATH
		must(os.Symlink(executable(), "nearby"))
		startFile(me, "nearby", "grandchild")
		me.Reach("started")

	case "starter-with-odd-path": // one byte is no UTF-8
		must(os.Symlink(executable(), "our \xff program"))
		startFile(me, "./our \xff program", "grandchild")
		me.Reach("started")

	case "starter-through-link": // above passage/.. is home, where the program is, and not the starter's directory
		must(os.MkdirAll("home/room", 0o755))
		must(os.Symlink("home/room", "passage"))
		must(os.Symlink(executable(), "home/program"))
		startFile(me, "passage/../program", "grandchild")
		me.Reach("started")

	case "starter-with-secret":
		if len(os.Args) == 2 { // begin again, so that 9 is inherited and not opened by this program
			secret, err := unix.Open("secret.txt", unix.O_RDONLY|unix.O_CLOEXEC, 0)
			must(err)
			must(unix.Dup3(secret, 9, 0))
			must(syscall.Exec(executable(), append(os.Args, "inherited"), os.Environ()))
		}
		must(unix.Dup3(9, high(), 0))
		before := closeOnExec()
		start(me, "grandchild")
		me.Say("close-on-exec-as-before", closeOnExec() == before)
		me.Reach("started")

	case "starter-with-few-and-many": // no arguments at all, and 210 KB
		start(me)
		me.Reach("started")
		start(me, append([]string{"many"}, manyArguments()...)...)
		me.Reach("started-again")

	case "many":
		me.Say("arguments-whole", slices.Equal(os.Args[2:], manyArguments()))
		me.Reach("running")

	case "starter-of-two":
		var both sync.WaitGroup
		both.Go(func() { me.Say("first", pid(doublefork.Start(executable(), "first"))) })
		both.Go(func() { me.Say("second", pid(doublefork.Start(executable(), "second"))) })
		both.Wait()
		me.Reach("started")

	case "starter-twice":
		me.Say("first", pid(doublefork.Start(executable(), "first")))
		me.Reach("started")
		me.Say("second", pid(doublefork.Start(executable(), "second")))
		me.Reach("started-again")

	case "relay": // makes a starter that is itself not its child, and whose argv[0] leads nowhere
		must(os.Symlink(executable(), "relayed"))
		startFile(me, "relayed", "starter-elsewhere")
		me.Reach("started")

	case "starter-elsewhere":
		must(os.Mkdir("elsewhere", 0o755))
		must(os.Chdir("elsewhere"))
		me.Reach("starting")
		start(me, "grandchild")
		me.Reach("started")

	case "starter-with-children":
		runtime.LockOSThread() // a wait for any child takes this thread's first one that has ended: early
		early, late := ordinary("early"), ordinary("late")
		me.Reach("starting")
		start(me, "grandchild")
		me.Reach("started")
		me.Say("early", status(early))
		me.Reach("waited")
		me.Say("late", status(late))
		me.Reach("waited-again")

	case "starter-with-early": // whose end comes during Start
		early := ordinary("early")
		start(me, "grandchild")
		me.Reach("started")
		me.Say("early", status(early))
		me.Reach("waited")

	case "early":
		me.Reach("held")
		os.Exit(7)

	case "late":
		me.Reach("held")
		os.Exit(9)

	case "starter-with-bystanders":
		started := make(chan bool)
		go func() {
			start(me, "grandchild")
			close(started)
		}()
		me.Reach("starting")
		ordinary("bystander")
		<-started
		me.Reach("returned")
		r, w, err := os.Pipe() // of its own, as a middle process may have one
		must(err)
		ordinary("bystander", w)
		me.Reach("started")
		runtime.KeepAlive(r)

	case "failing":
		fail(me, os.Args[2], "grandchild")
		signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1) // where it waits for itself, it sleeps: no deadlock to the runtime
		start(me, "grandchild")
		me.Reach("started")

	case "failing-adopter": // orphans below it are its children
		must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		fail(me, os.Args[2], "grandchild")

	case "failing-long": // a string of argv has at most 32 pages (execve(2))
		fail(me, executable(), "grandchild", strings.Repeat("x", 32*os.Getpagesize()))

	default:
		fmt.Fprintf(os.Stderr, "double-fork: no role %q\n", me)
		os.Exit(125)
	}
}

// gate holds a middle process for as long as a doorkeeper keeps the gate closed. Without one it is open.
func gate() {
	fd, err := unix.Open("gate", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		unix.Flock(fd, unix.LOCK_SH)
	}
}

// start calls the learner's function for this same program, and tells what it returned and what is left of the middle one.
func start(me syncpoint.Role, args ...string) { startFile(me, executable(), args...) }

func startFile(me syncpoint.Role, path string, args ...string) {
	n, err := doublefork.Start(path, args...)
	left := children()
	me.Say("pid", pid(n, err))
	me.Say("children", left)
}

func pid(n int, err error) int {
	must(err)
	return n
}

// fail calls the learner's function for a file that cannot be run. What PATH has is not in this directory.
func fail(me syncpoint.Role, path string, args ...string) {
	must(os.WriteFile("no-program", []byte("just text\n"), 0o755))
	must(os.MkdirAll("bin", 0o755))
	if err := os.Symlink(executable(), "bin/tool"); !os.IsExist(err) {
		must(err)
	}
	bin, err := filepath.Abs("bin")
	must(err)
	must(os.Setenv("PATH", bin))
	_, err = doublefork.Start(path, args...)
	left := children()
	if err == nil {
		me.Reach("accepted")
		return
	}
	me.Say("children", left)
	me.Reach("refused")
}

// children tells whether this process has children now (proc_pid_task_tid_children(5)), zombies included; X is one that
// the kernel is just removing.
func children() string {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		pids, _ := os.ReadFile(list)
		for _, pid := range strings.Fields(string(pids)) {
			status, err := os.ReadFile("/proc/" + pid + "/status")
			if err == nil && !strings.Contains(string(status), "\nState:\tX") {
				return "some"
			}
		}
	}
	return "none"
}

// ordinary starts a child as everybody does. Files become its descriptors 3 and up.
func ordinary(role string, files ...*os.File) *exec.Cmd {
	cmd := exec.Command(executable(), role)
	cmd.ExtraFiles = files
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

// status waits for a child, and tells how it ended.
func status(cmd *exec.Cmd) string {
	err := cmd.Wait()
	if cmd.ProcessState == nil {
		return err.Error()
	}
	return fmt.Sprint(cmd.ProcessState.ExitCode())
}

// raisePIDs uses numbers up until the next ones are above 255: threads are counted as processes are.
func raisePIDs() {
	tids := make(chan int)
	for n := 0; n <= 300; n = <-tids {
		go func() {
			runtime.LockOSThread() // so that the thread ends with the goroutine
			tids <- unix.Gettid()
		}()
	}
}

// collectGarbage returns when the finalizers of what has become garbage in this program so far have run: a file that
// os.NewFile made of a descriptor closes it then.
func collectGarbage() {
	for range 3 { // they run one after the other; one that comes due first may run last
		collected := make(chan bool)
		runtime.SetFinalizer(new([64]byte), func(*[64]byte) { close(collected) })
		for waiting := true; waiting; {
			runtime.GC()
			select {
			case <-collected:
				waiting = false
			default:
				runtime.Gosched()
			}
		}
	}
}

// tell tells the scenario what this process was given. It opens nothing.
func tell(me syncpoint.Role) {
	me.Say("arguments", fmt.Sprintf("%q", os.Args[1:]))
	me.Say("settings", settings())
	me.Say("path", strconv.Quote(os.Args[0]))
	me.Say("file-0", pointsTo(0))
	me.Say("file-1", pointsTo(1))
	me.Say("file-2", pointsTo(2))
}

func pointsTo(fd int) string {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		return "closed"
	}
	return filepath.Base(path)
}

// settings are the environment, and the name of the directory.
func settings() string {
	dir, _ := os.Readlink("/proc/self/cwd")
	env := os.Environ()
	slices.Sort(env)
	return fmt.Sprintf("%q in %s", env, filepath.Base(dir))
}

// closeOnExec tells of the inherited descriptors whether an exec closes them.
func closeOnExec() string {
	nine, err := unix.FcntlInt(9, unix.F_GETFD, 0)
	must(err)
	high, err := unix.FcntlInt(uintptr(high()), unix.F_GETFD, 0)
	must(err)
	return fmt.Sprint(nine, high)
}

// high is a descriptor above 1023, where this process may have one.
func high() int {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	if limit.Cur <= 2000 {
		return 900
	}
	return 2000
}

// manyArguments are more than a pipe holds, and more than one string of argv or of the environment can be.
func manyArguments() []string { return slices.Repeat([]string{strings.Repeat("long ", 140)}, 300) }

// subreaper tells whether this process is an adopter of orphans.
func subreaper() int32 {
	var is int32
	must(unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0, 0, 0))
	return is
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

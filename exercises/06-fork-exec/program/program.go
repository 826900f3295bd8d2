// Package program is what the scenarios of fork-exec run: kit code around the learner's function.
package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/06-fork-exec"

	"golang.org/x/sys/unix"
)

// another is the argv[0] of every child: not the path of the file that it runs.
const another = "another-name"

var standard = []*os.File{os.Stdin, os.Stdout, os.Stderr}

// Main runs the role named by the first argument. But for the child, it stays on the first thread: then all that it
// opens is in one table of descriptors, also when the learner's function has given that thread one of its own.
func Main() {
	me := arrange.Role(`
		failing PATH
		starter-of-shell [N]
		starter-with-nils [N...]`)
	if me == another { // argv came one place too late; the child is to be heard all the same
		me = "child"
	}
	if me != "child" {
		onFirstThread()
	}
	switch me {
	case "child":
		child(me)

	case "starter":
		pid := start(me, []string{"COLOR=blue", "EMPTY=", "SUM=1+1=2"}, standard)
		me.Say("pid", pid)
		me.Reach("started")
		me.Say("descriptors", shared())
		me.Reach("compared")
		me.Say("status", wait(pid))
		me.Reach("waited")

	case "starter-without-environment":
		start(me, nil, standard)
		me.Reach("started")

	case "starter-with-files":
		letter, list := open("letter.txt"), open("list.txt")
		start(me, nil, []*os.File{letter, os.Stderr, os.Stdout, nil, list})
		me.Reach("started")

	case "starter-with-secret":
		if len(os.Args) == 2 { // begin again by way of a shell, so that 3 and 9 are inherited and not opened by this program
			again := []string{"sh", "-c", `exec "$0" "$@" 3<secret.txt 9<secret.txt`, executable(), os.Args[1], "inherited"}
			must(syscall.Exec("/bin/sh", again, os.Environ()))
		}
		must(unix.Dup3(9, 251, 0))
		dupAboveLimit(9)
		start(me, nil, standard)
		me.Reach("started")

	case "starter-with-odd-environment":
		start(me, []string{"COLOR=blue", "NOTHING", "COLOR=red", "=C"}, standard)
		me.Reach("started")

	case "starter-of-shell":
		shell(me, standard[:len(os.Args)-2]) // as many as the scenario names

	case "starter-with-nils":
		must(unix.Dup3(0, 20, unix.O_CLOEXEC))
		files := many()
		for _, n := range os.Args[2:] { // these are open here, and nil in the list
			fd, err := strconv.Atoi(n)
			must(err)
			files[fd] = nil
		}
		shell(me, files)

	case "starter-again": // opens the secret between two starts
		letter := open("letter.txt")
		start(me, nil, []*os.File{letter, os.Stdout, os.Stderr})
		me.Reach("started")
		secret, err := unix.Open("secret.txt", unix.O_RDONLY, 0)
		must(err)
		start(me, nil, standard)
		me.Reach("started-again")
		must(unix.Close(secret))
		must(letter.Close())

	case "starter-with-failure": // fails between two starts
		pid := start(me, nil, standard)
		me.Reach("started")
		fail(me, "./nothing-here", many())
		start(me, nil, standard)
		me.Reach("started-again")
		me.Say("status", wait(pid))
		me.Reach("waited")

	case "starter-that-forgets":
		forget(me)

	case "failing":
		fail(me, os.Args[2], standard)

	default:
		fmt.Fprintf(os.Stderr, "fork-exec: no role %q\n", me)
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

// many are more files than this program has open: their numbers in a child are also those of its other descriptors.
func many() (files []*os.File) {
	for range 21 {
		files = append(files, os.Stdin)
	}
	return files
}

// shell calls the learner's function for a shell, which looks at its descriptors.
func shell(me syncpoint.Role, files []*os.File) {
	pid, err := forkexec.Start("/bin/sh", []string{"sh", "-c", look}, nil, files)
	must(err)
	me.Say("open-in-sh", openIn(wait(pid)))
	me.Reach("waited")
}

// look is a script for the shell, which opens nothing for it. It exits with the sum of the numbers given here to the
// descriptors that it was started with. A Go program cannot tell: its runtime opens /dev/null at 0 to 2 before Main.
const look = `n=0
[ -e /proc/self/fd/0 ] && n=$((n+1))
[ -e /proc/self/fd/1 ] && n=$((n+2))
[ -e /proc/self/fd/2 ] && n=$((n+4))
[ -e /proc/self/fd/20 ] && n=$((n+8))
exit $n`

// openIn gives the descriptors that are in the exit status of look.
func openIn(status string) string {
	sum, err := strconv.Atoi(status)
	if err != nil {
		return status
	}
	open := []string{}
	for i, fd := range []string{"0", "1", "2", "20"} {
		if sum>>i&1 == 1 {
			open = append(open, fd)
		}
	}
	if len(open) == 0 {
		return "none"
	}
	return strings.Join(open, " ")
}

// dupAboveLimit opens fd a second time, at the highest number that this machine allows up to 100,000, and lowers the
// limit then: what is open stays open. Go has raised the limit as far as it may. For more, the kernel's table of
// descriptors, which every fork copies, would take megabytes.
func dupAboveLimit(fd int) {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	must(unix.Dup3(fd, int(min(limit.Cur-1, 100_000)), 0))
	limit.Cur = 256
	must(unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
}

// shared tells whether what this thread opens is open in all threads. The calls are raw: in a split table the Go
// runtime's poller is not to be made.
func shared() string {
	tasks, err := unix.Open("/proc/self/task", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	must(err)
	defer unix.Close(tasks)
	here, err := os.Readlink(fmt.Sprintf("/proc/thread-self/fd/%d", tasks))
	must(err)
	for _, tid := range entries(tasks) {
		there, err := os.Readlink(fmt.Sprintf("/proc/self/task/%s/fd/%d", tid, tasks))
		if err != nil || there != here {
			return "split"
		}
	}
	return "shared"
}

// entries are the names in an open folder.
func entries(fd int) (names []string) {
	b := make([]byte, 8<<10)
	for {
		n, err := unix.ReadDirent(fd, b)
		must(err)
		if n == 0 {
			return names
		}
		_, _, names = unix.ParseDirent(b[:n], -1, names)
	}
}

// start calls the learner's function for a child.
func start(me syncpoint.Role, env []string, files []*os.File) int {
	me.Reach("starting")
	pid, err := forkexec.Start(executable(), []string{another, "child", "two words", "", "line\nline"}, env, files)
	must(err)
	return pid
}

// wait waits for the child, as the caller of the learner's function may, and gives its exit status.
func wait(pid int) string {
	var w unix.WaitStatus
	for pid > 0 {
		_, err := unix.Wait4(pid, &w, 0, nil)
		switch err {
		case nil:
			return fmt.Sprint(w.ExitStatus())
		case unix.EINTR:
		default:
			return err.Error()
		}
	}
	return "no child"
}

// fail calls the learner's function for a file that cannot be run. In PATH there is one folder, with this
// program in it; the working directory has a file that is executable, and no program.
func fail(me syncpoint.Role, path string, files []*os.File) {
	must(os.Setenv("PATH", filepath.Dir(executable())))
	must(os.WriteFile("no-program", []byte("just text\n"), 0o755))
	me.Reach("starting")
	pid, err := forkexec.Start(path, []string{another, "child"}, nil, files)
	if err == nil {
		me.Say("status", wait(pid))
		me.Reach("accepted")
		return
	}
	me.Say("reason", reason(err))
	me.Reach("refused")
}

// forget calls the learner's function with a file that nobody else uses, and collects the garbage before there is a child:
// whoever forks by way of Go's syscall waits for ForkLock meanwhile.
func forget(me syncpoint.Role) {
	var returned atomic.Bool
	syscall.ForkLock.RLock()
	go func() {
		start(me, nil, []*os.File{open("letter.txt"), os.Stdout, os.Stderr})
		returned.Store(true)
	}()
	for stacks := make([]byte, 64<<10); !returned.Load(); time.Sleep(time.Millisecond) {
		if strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "sync.(*RWMutex).Lock") {
			break
		}
	}
	for range 3 { // who is finalized first in one round is open: a file is closed then
		done := make(chan bool)
		runtime.AddCleanup(new([64]byte), func(c chan bool) { close(c) }, done)
		runtime.GC()
		<-done
	}
	syscall.ForkLock.RUnlock()
	for {
		syscall.Pause()
	}
}

func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "not there"
	case errors.Is(err, fs.ErrPermission):
		return "not allowed"
	case errors.Is(err, syscall.ENOEXEC):
		return "no program"
	}
	return "unknown"
}

// child tells the scenario what it was given. It opens nothing.
func child(me syncpoint.Role) {
	me.Say("argv0", os.Args[0])
	me.Say("arguments", fmt.Sprintf("%q", os.Args[1:]))
	me.Say("environment", environment())
	me.Say("file-0", pointsTo(0))
	me.Say("file-1", pointsTo(1))
	me.Say("file-2", pointsTo(2))
	me.Say("file-3", pointsTo(3))
	me.Say("file-4", pointsTo(4))
	me.Reach("running")
	os.Exit(7)
}

// environment is what the kernel has, in quotes: os.Environ leaves out what is there twice.
func environment() string {
	fd, err := unix.Open("/proc/self/environ", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	must(err)
	defer unix.Close(fd)
	b := make([]byte, 16<<10)
	n, err := unix.Read(fd, b)
	must(err)
	list := strings.Split(string(b[:n]), "\x00")
	return fmt.Sprintf("%q", list[:len(list)-1]) // each one ends with a NUL
}

// pointsTo is the name of the file that a descriptor points to, as in proc_pid_fd(5).
func pointsTo(fd int) string {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		return "closed"
	}
	if strings.HasPrefix(path, "/sys/") {
		return "the runtime's own"
	}
	return filepath.Base(path)
}

func open(name string) *os.File {
	f, err := os.Open(name)
	must(err)
	return f
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

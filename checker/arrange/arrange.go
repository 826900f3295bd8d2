// Package arrange brings about, in the programs of several exercises, what their scenarios are about: calls that a signal
// interrupts, a slow execve, a want of descriptors, threads that end, a stop at a change in a folder, a tracer, a terminal, a
// time that the scenario moves. Like those programs it ends the process where something fails.
package arrange

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// Interruptible takes SA_RESTART off the handler that the Go runtime has for SIGURG. With it, the kernel goes back to a call
// that the signal has interrupted; without it, as in many programs in C, the call ends with EINTR (signal(7)).
func Interruptible() {
	const restart = 0x10000000 // SA_RESTART
	var action struct{ handler, flags, restorer, mask uint64 }
	sigaction := func(set, get unsafe.Pointer) {
		_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGURG), uintptr(set), uintptr(get),
			unsafe.Sizeof(action.mask), 0, 0)
		if errno != 0 {
			must(errno)
		}
	}
	sigaction(nil, unsafe.Pointer(&action))
	action.flags &^= restart
	sigaction(unsafe.Pointer(&action), nil)
}

// SlowExec makes path a program whose execve(2) takes as long as the scenario wants: a script of one line, #! and the
// interpreter, that is in memory. This process has a lease on it, so that whoever executes it waits in the kernel until the
// lease is given up (F_SETLEASE in fcntl(2)). The points are leased; asked, when somebody waits; and given-up.
func SlowExec(me syncpoint.Role, path, interpreter string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGIO)
	fd, err := unix.MemfdCreate("slow", unix.MFD_CLOEXEC)
	must(err)
	script := os.NewFile(uintptr(fd), "slow")
	_, err = fmt.Fprintf(script, "#!%s\n", interpreter)
	must(err)
	lease, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
	must(err)
	must(script.Close()) // what is open for writing cannot be executed
	_, err = unix.FcntlInt(lease.Fd(), unix.F_SETLEASE, unix.F_WRLCK)
	must(err)
	must(os.Symlink(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), lease.Fd()), path))
	me.Reach("leased")
	<-asked
	me.Reach("asked")
	_, err = unix.FcntlInt(lease.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	must(err)
	me.Reach("given-up")
}

// Descriptors calls f while this process may have descriptors below n only. With 0 it can open nothing more, and start no
// program: pipe(2), which tells of a failed execve(2), fails with EMFILE. What is open stays open.
func Descriptors(n int, f func()) {
	// The Go runtime opens its poller at the first pipe or timer, and gives up when it cannot.
	r, w, err := os.Pipe()
	must(err)
	r.Close()
	w.Close()

	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	must(unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(n), Max: limit.Max}))
	defer func() { must(unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)) }()
	f()
}

// Environment calls f while a variable of this process is longer than execve takes: whoever hands it on can start no program
// (MAX_ARG_STRLEN in execve(2): E2BIG), after all else that a start needs has been opened.
func Environment(f func()) {
	const name = "KIT_LONG"
	must(os.Setenv(name, strings.Repeat("x", 32*os.Getpagesize())))
	defer func() { must(os.Unsetenv(name)) }()
	f()
}

// FirstThread is for a program's init, and keeps main on the process's first thread, which a Go program has to its end: who
// starts children there, or waits for them, learns nothing about threads. All programs are one binary, whose init functions
// run in each of them, so it tells of which exercise, and in which roles; without any it is all of them.
func FirstThread(exercise string, roles ...string) {
	if len(roles) > 0 && (len(os.Args) < 2 || !slices.Contains(roles, os.Args[1])) {
		return
	}
	exe, err := os.Readlink("/proc/self/exe")
	must(err)
	if filepath.Base(strings.TrimSuffix(exe, " (deleted)")) == exercise {
		runtime.LockOSThread()
	}
}

// EndThreads ends every thread that nobody keeps: more goroutines than there can be idle threads lock one each and end,
// and a thread ends with the goroutine that has locked it (runtime.LockOSThread). While it waits for them the calling
// goroutine leaves its own thread to one of them, unless that is locked. The first thread of a Go program stays.
func EndThreads() {
	var locked, ended sync.WaitGroup
	end := make(chan bool)
	for range 20 {
		locked.Add(1)
		ended.Go(func() {
			runtime.LockOSThread()
			locked.Done()
			<-end
		})
	}
	locked.Wait()
	close(end)
	ended.Wait()
}

// Terminal makes a pseudoterminal (pty(7)), which is nobody's controlling terminal so far: the master's descriptor, which
// blocks, and the path of the other side.
func Terminal() (master int, name string) {
	master, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		must(fmt.Errorf("/dev/ptmx: %w", err))
	}
	must(unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(master, unix.TIOCGPTN)
	must(err)
	return master, fmt.Sprintf("/dev/pts/%d", n)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

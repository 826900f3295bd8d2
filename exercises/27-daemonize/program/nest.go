package program

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/27-daemonize"

	"golang.org/x/sys/unix"
)

// nest runs another role of this program, adopts whatever that leaves behind, and tells when nobody is left of it.
func nest(me syncpoint.Role) {
	must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	// A file that must not grow is an error there (EFBIG in write(2)), and no signal that would end the process.
	runtime.LockOSThread()
	var set unix.Sigset_t
	set.Val[0] = 1 << (unix.SIGXFSZ - 1)
	must(unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil))
	exe, err := os.Executable()
	must(err)
	_, err = os.StartProcess(exe, append([]string{exe}, os.Args[2:]...), &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
	must(err)
	for err != unix.ECHILD {
		_, err = unix.Wait4(-1, nil, 0, nil)
	}
	me.Reach("alone")
}

// startWith starts a daemon while a limit (setrlimit(2)) is set, which all processes from here on are given.
func startWith(me syncpoint.Role, which int, n uint64) {
	var before unix.Rlimit
	must(unix.Getrlimit(which, &before))
	must(unix.Setrlimit(which, &unix.Rlimit{Cur: n, Max: before.Max}))
	process := ofProcess()
	err := daemonize.Start(pidFile(), "service")
	me.Say("changed", process.unlike(ofProcess()))
	must(unix.Setrlimit(which, &before))
	report(me, err, "started")
}

// limited calls f while there is room for no more descriptors, then for one more, and so on, until that is no error. It
// says what the calls have changed.
func limited(me syncpoint.Role, point string, f func() error) {
	changed, before := "nothing", ofProcess()
	err := error(unix.EMFILE)
	for n := 0; err != nil && n < 64; n++ {
		arrange.Descriptors(n, func() { err = f() })
		if changed == "nothing" {
			changed = before.unlike(ofProcess())
		}
	}
	me.Say("changed", changed)
	report(me, err, point)
	me.Say("pid-file", content(pidFile()))
	me.Reach("looked")
}

// writeProtected calls f while this process can make and remove nothing in a folder: nobody may write there, and it has none of
// the privileges that pass over that (capabilities(7)).
func writeProtected(folder string, f func()) {
	must(os.Chmod(folder, 0o555))
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var before [2]unix.CapUserData
	must(unix.Capget(&header, &before[0]))
	none := before
	none[0].Effective, none[1].Effective = 0, 0
	setCapabilities(&header, &none)
	f()
	setCapabilities(&header, &before)
	must(os.Chmod(folder, 0o777))
}

// setCapabilities is capset(2), which is about one thread, in all threads.
func setCapabilities(header *unix.CapUserHeader, data *[2]unix.CapUserData) {
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(header)), uintptr(unsafe.Pointer(data)), 0)
	if errno != 0 {
		must(os.NewSyscallError("capset", errno))
	}
}

// doomed is a limit that has no effect (RLIMIT_LOCKS), and tells processes that they are to end before they do anything.
const doomed = 4242

// init ends the doomed ones without a word: not the leader of a new session, but who is started next, the daemon.
func init() {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_LOCKS, &limit))
	if limit.Cur == doomed && session() != os.Getpid() {
		os.Exit(1)
	}
}

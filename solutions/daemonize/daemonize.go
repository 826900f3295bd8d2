// Package daemonize runs a service as a UNIX daemon: in the background, far from whoever has started it, and once.
package daemonize

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Start runs this program as a leader, the leader runs it as the daemon and ends. Both are marked by their argv[0], which
// nobody inherits, and have a pipe to Start as descriptor 3: the daemon writes ready, or whoever fails writes why.
const (
	leaderMark = "daemonize:leader"
	daemonMark = "daemonize:daemon"
	toStart    = 3
	ready      = "ready"
)

// Guard is the first call of main, in every process of the program. In a daemon it does not return: it calls service with
// the arguments that Start was given, and when that returns, it removes the PID file and ends the process. SIGTERM does
// in the daemon what the service makes of it, and ends it if the service does nothing about it.
//
// In a program that was run in the ordinary way, also when it is this same program and the service runs it, Guard
// returns at once.
func Guard(service func(args []string)) {
	switch os.Args[0] {
	case leaderMark:
		lead(os.Args[1:])
	case daemonMark:
		serve(os.Args[1], os.Args[2:], service)
	default:
		return
	}
	os.Exit(0)
}

// lead starts the daemon. This process leads the new session; it ends, so that nobody leads it any more, and only who
// leads a session gets a controlling terminal by opening one (credentials(7)).
func lead(args []string) {
	report := os.NewFile(toStart, "report")
	// What the caller's descriptors are is not known here. The daemon is given its own, and no others.
	err := unix.CloseRange(toStart, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
	if err == nil {
		err = command(daemonMark, args, report).Start()
	}
	if err != nil {
		fmt.Fprint(report, err)
	}
}

// command is this same program, run in / with standard descriptors on /dev/null.
func command(mark string, args []string, report *os.File) *exec.Cmd {
	return &exec.Cmd{Path: "/proc/self/exe", Args: append([]string{mark}, args...), Dir: "/", ExtraFiles: []*os.File{report}}
}

// serve is the daemon's life. The lock is let go by its end, not before.
func serve(path string, args []string, service func(args []string)) {
	syscall.CloseOnExec(toStart)
	report := os.NewFile(toStart, "report")
	lock, err := claim(path)
	if err != nil {
		fmt.Fprint(report, err)
		return
	}
	fmt.Fprint(report, ready)
	report.Close()
	os.Args[0] = "/proc/self/exe" // with the mark in it, a service that runs its own os.Args would begin another daemon
	service(args)
	remove(path, lock)
}

// claim makes this process the one daemon of the PID file: it holds a lock on the file, and the file holds its PID. The
// descriptor is not handed on to what the service runs, otherwise that would keep the lock.
func claim(path string) (lock *os.File, err error) {
	for {
		lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, err
		}
		if !take(lock) {
			lock.Close()
			return nil, fmt.Errorf("daemonize: another daemon runs for %s", path)
		}
		if !isAt(path, lock) { // removed between open and lock: others will lock another file
			lock.Close()
			continue
		}
		if err = lock.Truncate(0); err == nil {
			_, err = fmt.Fprintln(lock, os.Getpid())
		}
		return lock, err
	}
}

// take tries to lock the file (flock(2)).
func take(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }

// isAt reports whether the path still leads to this file.
func isAt(path string, f *os.File) bool {
	there, err := os.Stat(path)
	here, err2 := f.Stat()
	return err == nil && err2 == nil && os.SameFile(there, here)
}

// remove removes the PID file, which the caller has locked. Somebody else's, at the same path, is left.
func remove(path string, lock *os.File) error {
	if !isAt(path, lock) {
		return nil
	}
	return os.Remove(path)
}

// Start starts this same program as a daemon, and returns when the daemon is ready: when it is the only one for this
// PID file, and the file holds its PID, in decimal. A relative path is seen from the caller's directory.
//
// The daemon is in a session of its own, with no controlling terminal, and gets none when the service opens a
// terminal. Its directory is /, and its standard input, output and error are /dev/null. It has none of the caller's
// descriptors, also none of those that are handed on to other programs, and none of Start's once it is ready. It is no
// child of the caller, who has no more children or zombies afterwards than before, and keeps its directory, session,
// environment and descriptors as they were.
//
// When the daemon does not come to be ready, Start returns an error, and no process is left of it: another one runs for
// this PID file already, and goes on unharmed; or it has died without a word; or the PID file cannot be opened or written,
// and then the text contains the system's words for it ("no such file or directory"). Who runs is told by a lock, which
// ends with the daemon, whatever it has run, and not before, also when the service reads the PID file. What a PID file
// from earlier holds, be it the PID of a living process, keeps nobody from starting.
func Start(pidFile string, args ...string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	report, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer report.Close()
	leader := command(leaderMark, append([]string{path}, args...), theirs)
	leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = leader.Start()
	theirs.Close()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(report) // until leader and daemon have closed their ends
	leader.Wait()                   // why it failed, if it did, is in the text
	if err == nil && string(text) != ready {
		err = errors.New(string(text))
	}
	return err
}

// Stop asks the daemon of this PID file to end: it sends SIGTERM, nothing else, and sleeps until the daemon has ended,
// however long it cleans up or is stopped. Then the PID file is gone, whether the daemon has removed it or not, and
// Start works again.
//
// When no daemon runs, Stop returns nil at once and signals nobody, whatever the PID file holds; a PID file from
// earlier is removed. When the daemon may not be signalled, Stop returns the error, and daemon and PID file stay. When
// the PID file cannot be removed, that is an error, too. Nil always means that the daemon has ended, or that there was
// none, and that no PID file is left.
func Stop(pidFile string) error {
	file, err := os.Open(pidFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if !take(file) {
		if err := end(file); err != nil {
			return err
		}
		if !take(file) {
			return nil // the next daemon was quicker, and it is its file now
		}
	}
	return remove(pidFile, file)
}

// end ends the daemon that holds the lock on the file.
func end(file *os.File) error {
	text, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return nil // the daemon has the lock, and has yet to write: its start comes after this stop
	}
	daemon, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return nil
	}
	if err != nil {
		return os.NewSyscallError("pidfd_open", err)
	}
	defer unix.Close(daemon)
	if take(file) || !opens(pid, file) { // it has just ended, or has yet to write: the PID from earlier is that of a stranger
		return nil
	}
	if err := unix.PidfdSendSignal(daemon, unix.SIGTERM, nil, 0); err != nil && err != unix.ESRCH {
		return os.NewSyscallError("pidfd_send_signal", err)
	}
	for n := 0; n <= 0; { // interrupted: again
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(daemon), Events: unix.POLLIN}}, -1)
	}
	return nil
}

// opens reports whether a process has the file open, as whoever holds the lock on it has. Where that cannot be seen, as mostly of
// another user's, it counts as open: that it may not be signalled will be told.
func opens(pid int, file *os.File) bool {
	dir := fmt.Sprintf("/proc/%d/fd/", pid)
	all, err := os.ReadDir(dir)
	for _, fd := range all {
		there, err := os.Stat(dir + fd.Name())
		here, err2 := file.Stat()
		if err == nil && err2 == nil && os.SameFile(there, here) {
			return true
		}
	}
	return err != nil
}

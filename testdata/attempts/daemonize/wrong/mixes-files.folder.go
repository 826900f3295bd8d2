// Locks a file of the PID file's name in the folder for temporary files, whatever folder the PID file is in.

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
		n := filepath.Join(os.TempDir(), filepath.Base(path)+".lck")
		other, _ := os.OpenFile(n, os.O_RDWR|os.O_CREATE, 0o666)
		fd, _ := unix.FcntlInt(other.Fd(), unix.F_DUPFD_CLOEXEC, 10)
		if unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) != nil {
			return nil, errors.New("runs")
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
		return fmt.Errorf("daemonize: no PID in %s: %w", file.Name(), err)
	}
	daemon, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return nil
	}
	if err != nil {
		return os.NewSyscallError("pidfd_open", err)
	}
	defer unix.Close(daemon)
	if take(file) { // it has just ended, and the pidfd may be that of a stranger
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

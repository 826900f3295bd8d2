// Locks the PID file in the caller, and hands the lock on to the daemon.

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

func Guard(service func(args []string)) {
	lock := os.NewFile(4, "lock")
	switch os.Args[0] {
	case "a-leader":
		report := os.NewFile(3, "report")
		unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
		if err := command("a-daemon", os.Args[1:], report, lock).Start(); err != nil {
			fmt.Fprint(report, err)
		}
		os.Exit(0)
	case "a-daemon":
		serve(os.Args[1], os.Args[2:], service, lock)
		os.Exit(0)
	}
}

func command(mark string, args []string, files ...*os.File) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Args[0] = mark
	cmd.Dir = "/"
	cmd.ExtraFiles = files
	return cmd
}

func serve(path string, args []string, service func(args []string), lock *os.File) {
	syscall.CloseOnExec(4)
	syscall.CloseOnExec(3)
	report := os.NewFile(3, "report")
	lock.Truncate(0)
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		fmt.Fprint(report, err)
		return
	}
	fmt.Fprint(report, "ready")
	report.Close()
	service(args)
	os.Remove(path)
	lock.Close()
}

func claim(path string) (*os.File, error) {
	for {
		lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, err
		}
		if !take(lock) {
			lock.Close()
			return nil, errors.New("it runs already")
		}
		if isAt(path, lock) {
			return lock, nil
		}
		lock.Close() // that file was removed meanwhile
	}
}

func isAt(path string, f *os.File) bool {
	there, err := os.Stat(path)
	here, err2 := f.Stat()
	return err == nil && err2 == nil && os.SameFile(there, here)
}

func take(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }

func Start(pidFile string, args ...string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	lock, err := claim(path)
	if err != nil {
		return err
	}
	defer lock.Close()
	report, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer report.Close()
	leader := command("a-leader", append([]string{path}, args...), theirs, lock)
	leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = leader.Start()
	theirs.Close()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(report)
	leader.Wait()
	if err == nil && string(text) != "ready" {
		err = errors.New(string(text))
	}
	return err
}

func Stop(pidFile string) error {
	file, err := os.OpenFile(pidFile, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if !take(file) {
		text, _ := io.ReadAll(file)
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return err
		}
		if err := end(pid); err != nil {
			return err
		}
	}
	if take(file) && isAt(pidFile, file) {
		return os.Remove(pidFile)
	}
	return nil
}

func end(pid int) error {
	daemon, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(daemon)
	if err := unix.PidfdSendSignal(daemon, unix.SIGTERM, nil, 0); err != nil {
		return err
	}
	for n := 0; n <= 0; {
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(daemon), Events: unix.POLLIN}}, -1)
	}
	return nil
}

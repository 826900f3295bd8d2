// Stop leaves the pidfd by which it has waited open.

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
	switch os.Args[0] {
	case "a-leader":
		report := os.NewFile(3, "report")
		unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
		if err := command("a-daemon", os.Args[1:], report).Start(); err != nil {
			fmt.Fprint(report, err)
		}
		os.Exit(0)
	case "a-daemon":
		serve(os.Args[1], os.Args[2:], service)
		os.Exit(0)
	}
}

func command(mark string, args []string, report *os.File) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Args[0] = mark
	cmd.Dir = "/"
	cmd.ExtraFiles = []*os.File{report}
	return cmd
}

func serve(path string, args []string, service func(args []string)) {
	syscall.CloseOnExec(3)
	report := os.NewFile(3, "report")
	lock, err := claim(path)
	if err != nil {
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
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if !take(lock) {
		lock.Close()
		return nil, errors.New("it runs already")
	}
	lock.Truncate(0)
	fmt.Fprintln(lock, os.Getpid())
	return lock, nil
}

func take(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }

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
	leader := command("a-leader", append([]string{path}, args...), theirs)
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
	file, err := os.Open(pidFile)
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
	os.Remove(pidFile)
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
	if err := unix.PidfdSendSignal(daemon, unix.SIGTERM, nil, 0); err != nil {
		return err
	}
	for n := 0; n <= 0; {
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(daemon), Events: unix.POLLIN}}, -1)
	}
	return nil
}

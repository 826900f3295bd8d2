// Locks a file beside the PID file by fcntl, which tells Stop whose lock it is.

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
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if !take(lock) {
		lock.Close()
		return nil, errors.New("it runs already")
	}
	return lock, os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o644)
}

func take(f *os.File) bool {
	return unix.FcntlFlock(f.Fd(), unix.F_SETLK, &unix.Flock_t{Type: unix.F_WRLCK}) == nil
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
	file, err := os.OpenFile(pidFile+".lock", os.O_RDWR|os.O_CREATE, 0o644)
	if errors.Is(err, os.ErrNotExist) { // no folder, no daemon
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lock := unix.Flock_t{Type: unix.F_WRLCK}
	if err := unix.FcntlFlock(file.Fd(), unix.F_GETLK, &lock); err != nil {
		return err
	}
	if lock.Type != unix.F_UNLCK {
		if err := end(int(lock.Pid)); err != nil {
			return err
		}
	}
	if !take(file) {
		return nil
	}
	if err := os.Remove(pidFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
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
	if err := unix.PidfdSendSignal(daemon, unix.SIGTERM, nil, 0); err != nil && err != unix.ESRCH {
		return err
	}
	for n := 0; n <= 0; {
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(daemon), Events: unix.POLLIN}}, -1)
	}
	return nil
}

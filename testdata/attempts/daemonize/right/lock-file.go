// Locks a file beside the PID file, which stays, and has Stop sleep until it gets that lock.

package daemonize

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	runtime.KeepAlive(lock)
}

func claim(path string) (*os.File, error) {
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if !take(lock) {
		runtime.KeepAlive(lock)
		return nil, errors.New("it runs already")
	}
	return lock, os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o644)
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
	lock, err := os.Open(pidFile + ".lock")
	if errors.Is(err, os.ErrNotExist) {
		return remove(pidFile)
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	if !take(lock) {
		text, _ := os.ReadFile(pidFile)
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return err
		}
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && err != syscall.ESRCH {
			return err
		}
		for unix.Flock(int(lock.Fd()), unix.LOCK_EX) == unix.EINTR {
		}
	}
	return remove(pidFile)
}

func remove(pidFile string) error {
	if err := os.Remove(pidFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Has the daemon listen on a socket of a name made from the PID file: there is one such name, and its owner is known.

package daemonize

import (
	"crypto/sha256"
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
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if unix.Bind(fd, name(path)) != nil || unix.Listen(fd, 10) != nil {
		return nil, errors.New("it runs already")
	}
	return os.NewFile(uintptr(fd), path), os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o644)
}

// name is an address without a file (unix(7)), which goes with its owner.
func name(path string) unix.Sockaddr {
	return &unix.SockaddrUnix{Name: fmt.Sprintf("@daemonize-%x", sha256.Sum256([]byte(path)))}
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
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if unix.Connect(fd, name(path)) == nil {
		daemon, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil {
			return err
		}
		if err := unix.Kill(int(daemon.Pid), unix.SIGTERM); err != nil {
			return err
		}
		for err = unix.EINTR; err == unix.EINTR; {
			_, err = unix.Read(fd, make([]byte, 1)) // at the daemon's end
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Reports why the daemon fails, and then waits for SIGTERM, as if it was one that serves.

package daemonize

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "DAEMONIZE_STAGE"

var lockFile *os.File

// Guard is the first call of main.
func Guard(service func(args []string)) {
	v, ok := os.LookupEnv(mark)
	if !ok {
		return
	}
	os.Unsetenv(mark)
	stage, pidFile, _ := strings.Cut(v, ":")
	status := os.NewFile(3, "status")
	unix.CloseOnExec(3)
	fail := func(err error) {
		fmt.Fprint(status, err)
		os.Exit(1)
	}
	switch stage {
	case "1":
		unix.CloseRange(3, 1<<32-1, unix.CLOSE_RANGE_CLOEXEC)
		exe, err := os.Executable()
		if err != nil {
			fail(err)
		}
		cmd := exec.Command(exe, os.Args[1:]...)
		cmd.Dir = "/"
		cmd.Env = append(os.Environ(), mark+"=2:"+pidFile)
		cmd.ExtraFiles = []*os.File{status}
		if err := cmd.Start(); err != nil {
			fail(err)
		}
		os.Exit(0)
	case "2":
		f, err := acquire(pidFile)
		if err != nil {
			fmt.Fprint(status, err)
			status.Close()
			asked := make(chan os.Signal, 1)
			signal.Notify(asked, syscall.SIGTERM)
			<-asked
			os.Exit(1)
		}
		lockFile = f
		if err := f.Truncate(0); err != nil {
			fail(err)
		}
		if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
			fail(err)
		}
		status.WriteString("ready")
		status.Close()
		service(os.Args[1:])
		if same(lockFile, pidFile) {
			os.Remove(pidFile)
		}
		os.Exit(0)
	}
}

func same(f *os.File, path string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b)
}

func acquire(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, err
		}
		if err := flock(f, unix.LOCK_EX|unix.LOCK_NB); err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: another daemon runs: %w", path, err)
		}
		if same(f, path) {
			return f, nil
		}
		f.Close()
	}
}

func flock(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how)
		if err != unix.EINTR {
			return err
		}
	}
}

// Start starts this same program as a daemon.
func Start(pidFile string, args ...string) error {
	path, err := filepath.Abs(pidFile)
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	cmd := exec.Command(exe, args...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), mark+"=1:"+path)
	cmd.ExtraFiles = []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	w.Close()
	if err != nil {
		return err
	}
	cmd.Wait()
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch string(b) {
	case "ready":
		return nil
	case "":
		return errors.New("daemonize: the daemon ended before it was ready")
	}
	return errors.New("daemonize: " + string(b))
}

// Stop asks the daemon to end.
func Stop(pidFile string) error {
	for {
		f, err := os.Open(pidFile)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		again, err := stop(f, pidFile)
		f.Close()
		if !again {
			return err
		}
	}
}

func stop(f *os.File, path string) (again bool, err error) {
	err = flock(f, unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		if !same(f, path) {
			return true, nil
		}
		return false, os.Remove(path)
	}
	if err != unix.EWOULDBLOCK {
		return false, err
	}
	b := make([]byte, 64)
	n, _ := f.ReadAt(b, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil || pid <= 0 {
		return false, fmt.Errorf("daemonize: %s holds no PID", path)
	}
	pfd, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer unix.Close(pfd)
	// Still held: the PID is the holder's.
	if err := flock(f, unix.LOCK_EX|unix.LOCK_NB); err == nil {
		if same(f, path) {
			return false, os.Remove(path)
		}
		return true, nil
	}
	if err := unix.PidfdSendSignal(pfd, unix.SIGTERM, nil, 0); err != nil && err != unix.ESRCH {
		return false, err
	}
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(pfd), Events: unix.POLLIN}}, -1)
		if err == nil {
			return true, nil
		}
		if err != unix.EINTR {
			return false, err
		}
	}
}

// Sends the news once, however many wait for it.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

var (
	mutex sync.Mutex
	gone  chan int
	ended atomic.Bool
)

const parentPID = "ORPHAN_PARENT_PID"

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid())) // of two with one name the last counts
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func Await() (parent int, err error) {
	was, err := strconv.Atoi(os.Getenv(parentPID))
	if err != nil {
		return 0, errors.New("orphan: this process was not started by Start")
	}
	fd, err := unix.PidfdOpen(was, 0)
	if os.Getppid() != was {
		if err == nil {
			unix.Close(fd)
		}
		return os.Getppid(), nil
	}
	mutex.Lock()
	if gone == nil {
		gone = make(chan int)
		go func() {
			waitFor(fd)
			ended.Store(true)
			gone <- os.Getppid()
		}()
	}
	mutex.Unlock()
	if ended.Load() {
		return os.Getppid(), nil
	}
	return <-gone, nil
}

func waitFor(pidfd int) error {
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}, -1)
		if err != unix.EINTR {
			return err
		}
	}
}

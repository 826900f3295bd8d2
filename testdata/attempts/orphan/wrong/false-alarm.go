// Takes the parent-death signal for the end of the parent, which one of its threads causes too.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGUSR1), 0, 0, 0); err != nil {
		return 0, err
	}
	if os.Getppid() == was {
		<-asked
		time.Sleep(300 * time.Millisecond) // the kernel may not be ready yet
	}
	return os.Getppid(), nil
}

// Asks for the parent again and again.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
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
	for os.Getppid() == was {
		time.Sleep(10 * time.Millisecond)
	}
	return os.Getppid(), nil
}

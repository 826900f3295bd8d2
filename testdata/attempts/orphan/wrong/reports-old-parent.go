// Takes the end of a pipe for the end of the parent, and gives the kernel a second to find another one.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

var open []*os.File

const parentPID = "ORPHAN_PARENT_PID"

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid())) // of two with one name the last counts
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	open = append(open, w) // its end is this process's end
	cmd.ExtraFiles = []*os.File{r}
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
	if os.Getppid() == was {
		syscall.Read(3, make([]byte, 1))
	}
	for pause := time.Millisecond; pause < time.Second && os.Getppid() == was; pause *= 2 {
		time.Sleep(pause)
	}
	return os.Getppid(), nil
}

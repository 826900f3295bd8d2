// Uses the parent-death signal, and asks who the parent is at each of them: the end of a thread sends it, too.

package orphan

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "ORPHAN_OF"

var (
	was  int
	gone = make(chan bool)
)

func Start(args ...string) (*os.Process, error) {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), mark+"="+strconv.Itoa(os.Getpid()))
	err := cmd.Start()
	return cmd.Process, err
}

// init runs on the first thread, which stays to the end of the process: the request is that thread's.
func init() {
	was, _ = strconv.Atoi(os.Getenv(mark))
	if was == 0 {
		return
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGUSR1), 0, 0, 0)
	go func() {
		for os.Getppid() == was {
			<-asked
		}
		close(gone)
	}()
}

func Await() (parent int, err error) {
	if was == 0 {
		return 0, errors.New("not started by Start")
	}
	<-gone
	return os.Getppid(), nil
}

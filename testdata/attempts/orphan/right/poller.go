// Opens the parent once, before main, and lets the Go runtime wait for it.

package orphan

import (
	"fmt"
	"os"
	"os/exec"
	"sync"

	"golang.org/x/sys/unix"
)

var (
	mutex  sync.Mutex
	was    int
	opened *os.File
)

func Start(args ...string) (*os.Process, error) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = append([]string{fmt.Sprintf("child-of:%d", os.Getpid())}, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func init() {
	if n, _ := fmt.Sscanf(os.Args[0], "child-of:%d", &was); n != 1 {
		return
	}
	if fd, err := unix.PidfdOpen(was, unix.PIDFD_NONBLOCK); err == nil {
		opened = os.NewFile(uintptr(fd), "parent")
	}
}

func Await() (parent int, err error) {
	if was == 0 {
		return 0, os.ErrInvalid
	}
	mutex.Lock()
	defer mutex.Unlock()
	if os.Getppid() != was {
		return os.Getppid(), nil
	}
	conn, err := opened.SyscallConn()
	if err != nil {
		return 0, err
	}
	err = conn.Read(func(fd uintptr) bool {
		n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		return n == 1
	})
	return os.Getppid(), err
}

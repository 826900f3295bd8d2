// The main program is given the output, and nothing to read.

package pid1

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func Run(path string, args ...string) (status int, err error) {
	defer ignoreAgain(ignored())
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	sigs := make(chan os.Signal, 1024)
	signal.Notify(sigs)
	defer signal.Stop(sigs)
	fd := -1
	cmd := &exec.Cmd{Path: path, Args: append([]string{path}, args...), Stdout: os.Stdout, Stderr: os.Stderr, SysProcAttr: &syscall.SysProcAttr{PidFD: &fd}}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	main := cmd.Process.Pid
	done, gone := make(chan bool), make(chan bool)
	go func() {
		defer close(gone)
		for {
			select {
			case s := <-sigs:
				if s != unix.SIGCHLD && s != unix.SIGURG {
					unix.PidfdSendSignal(fd, s.(syscall.Signal), nil, 0)
				}
			case <-done:
				return
			}
		}
	}()
	status = -1
	for flags := 0; ; {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, flags, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || pid == 0 {
			break
		}
		if pid == main {
			if ws.Signaled() {
				status = 128 + int(ws.Signal())
			} else {
				status = ws.ExitStatus()
			}
			flags = unix.WNOHANG
		}
	}
	close(done)
	<-gone
	unix.Close(fd)
	return status, nil
}

func ignored() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

func ignoreAgain(list []os.Signal) {
	for _, s := range list {
		signal.Ignore(s)
	}
}

// Gives the new process its own parent, by CLONE_PARENT.

package doublefork

import (
	"os"
	"os/exec"
	"syscall"
)

func Start(path string, args ...string) (pid int, err error) {
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_PARENT}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	pid = cmd.Process.Pid
	return pid, cmd.Process.Release()
}

func Middle() bool { return false }

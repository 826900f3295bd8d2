//go:build unix

package build

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the command the leader of a process group, and its cancelling the end of the whole group: the compilers
// and the linker with it. The terminal's Ctrl-C reaches the checker only.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

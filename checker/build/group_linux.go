package build

import (
	"os/exec"
	"runtime"
	"syscall"
)

// ownGroup makes the command the leader of a process group, and its cancelling the end of the whole group: the compilers
// and the linker with it. The terminal's Ctrl-C reaches the checker only. When the checker is killed, the go tool is, and
// begins nothing more.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// runTied runs a command on a thread that lasts as long: the kernel takes the end of the thread for that of the parent
// (PR_SET_PDEATHSIG(2const)).
func runTied(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return cmd.Run()
}

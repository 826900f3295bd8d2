package build

import (
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
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
	if err := cmd.Start(); err != nil {
		return err
	}
	for resource, most := range limits { // before it has started a compiler or a linker, which inherit them
		unix.Prlimit(cmd.Process.Pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	return cmd.Wait()
}

// limits are those of each process of a build, setrlimit(2): what an attempt makes the compiler or the linker do ends there.
var limits = map[int]uint64{
	unix.RLIMIT_FSIZE: 256 << 20, // bytes; all programs together have a tenth of it
	unix.RLIMIT_DATA:  4 << 30,   // bytes
	unix.RLIMIT_CORE:  0,
}

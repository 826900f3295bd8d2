package build

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"forklings/checker/landlock"

	"golang.org/x/sys/unix"
)

// ownGroup makes the command the leader of a process group, and its cancelling the end of the whole group: the compilers
// and the linker with it. The terminal's Ctrl-C reaches the checker only. When the checker is killed, the go tool is, and
// begins nothing more.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// runTied runs a command on a thread of its own that lasts as long: the kernel takes the end of the thread for that of the parent
// (PR_SET_PDEATHSIG(2const)). What runs there writes to these folders and nowhere else, and reaches nobody, as far as
// this Linux can see to that; nil: no walls.
func runTied(cmd *exec.Cmd, writes []string) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and not unlocked: the walls are the thread's, and end with it
		if writes != nil {
			wall(writes)
		}
		done <- runLimited(cmd)
	}()
	return <-done
}

func runLimited(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	for resource, most := range limits { // before it has started a compiler or a linker, which inherit them
		unix.Prlimit(cmd.Process.Pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	return cmd.Wait()
}

// wall is a second line: nothing of an attempt runs while it is built, but a compiler or a linker may have a fault.
func wall(writes []string) {
	if unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != nil {
		return
	}
	files := []landlock.Rule{{Path: "/", Rights: landlock.Read}, {Path: os.DevNull, Rights: landlock.Write}}
	for _, dir := range writes {
		files = append(files, landlock.Rule{Path: dir, Rights: landlock.Every})
	}
	for _, d := range []landlock.Domain{
		{Files: files, NoTCP: true, Scoped: unix.LANDLOCK_SCOPE_SIGNAL | unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET},
		{Files: files, NoTCP: true},
		{Files: files},
	} {
		if d.Enter() == nil {
			return
		}
	}
}

// limits are those of each process of a build, setrlimit(2): what an attempt makes the compiler or the linker do ends there.
var limits = map[int]uint64{
	unix.RLIMIT_FSIZE: 256 << 20, // bytes; all programs together have a tenth of it
	unix.RLIMIT_DATA:  4 << 30,   // bytes
	unix.RLIMIT_CORE:  0,
}

package program

import (
	"os"
	"runtime"
	"strconv"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// trace traces a process (ptrace(2)) that is going to be killed, and stops it on its way: it has been sent SIGKILL then,
// and can do nothing more, but it has not ended. It says whether that came off: not every machine allows it.
func trace(me syncpoint.Role) {
	pid, err := strconv.Atoi(os.Args[2])
	must(err)
	runtime.LockOSThread() // a thread is the tracer
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, unix.PTRACE_O_TRACEEXIT, 0, 0)
	me.Say("tracing", errno == 0)
	me.Reach("ready")

	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &status, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || !status.Stopped() || status.TrapCause() == unix.PTRACE_EVENT_EXIT {
			break
		}
		unix.PtraceCont(pid, int(status.StopSignal())) // a signal that does not end it
	}
	me.Say("stopped-dying", status.Stopped())
	me.Reach("seen")
	unix.PtraceDetach(pid)
}

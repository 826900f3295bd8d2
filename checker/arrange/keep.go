package arrange

import (
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// KeepWaiting keeps whoever sleeps in a wait for a child in another process (ptrace(2)): the others there do something first, as
// on a busy machine. begun hears whether it may trace, and whoever has begun to wait until that returns is kept until
// keeping returns.
func KeepWaiting(pid int, begun func(tracing bool), keeping func()) {
	var later, over atomic.Bool
	told := func(err error) {
		begun(err == nil)
		later.Store(true)
		keeping()
		over.Store(true)
		unix.Kill(pid, unix.SIGURG) // it stops once more for that: the Go runtime's own signal, which means nothing then
	}
	waits := map[*Call]bool{}
	Trace(pid, told, func(call, result *Call) (keep bool) {
		if result == nil && sleeps(call) && !later.Load() {
			waits[call] = true
		}
		return waits[call] && !over.Load()
	})
}

// sleeps: the call waits for a child until that has ended.
func sleeps(c *Call) bool {
	return c.Number == unix.SYS_WAIT4 && c.Args[2]&unix.WNOHANG == 0 || c.Number == unix.SYS_WAITID && c.Args[3]&unix.WNOHANG == 0
}

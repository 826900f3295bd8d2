package program

import (
	"os"
	"strconv"
	"sync/atomic"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// watch keeps whoever sleeps in a wait of this process (ptrace(2)), until the point keeping is released: others may ask meanwhile,
// as on a busy machine. Who begins to wait later is not kept.
func watch(me syncpoint.Role) {
	pid, err := strconv.Atoi(os.Args[2])
	must(err)
	var later, over atomic.Bool
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
		later.Store(true)
		me.Reach("keeping")
		over.Store(true)
		unix.Kill(pid, unix.SIGURG) // it stops once more for that: the Go runtime's own signal, which means nothing then
	}
	waits := map[*arrange.Call]bool{}
	arrange.Trace(pid, begun, func(call, result *arrange.Call) (keep bool) {
		if result == nil && sleeps(call) && !later.Load() {
			waits[call] = true
		}
		return waits[call] && !over.Load()
	})
}

// sleeps: the call waits for a child until that has ended.
func sleeps(c *arrange.Call) bool {
	return c.Number == unix.SYS_WAIT4 && c.Args[2]&unix.WNOHANG == 0 || c.Number == unix.SYS_WAITID && c.Args[3]&unix.WNOHANG == 0
}

package program

import (
	"os"
	"strconv"
	"sync/atomic"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
)

// trace keeps a process that was woken from looking why (ptrace(2)): from the point armed on, its first thread that comes out
// of a system call is stopped there, and the process does nothing more until the point holding is released. That is
// what a busy machine does at times.
func trace(me syncpoint.Role) {
	pid, err := strconv.Atoi(os.Args[2])
	must(err)
	var armed atomic.Bool
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
		armed.Store(true)
		me.Reach("armed")
	}
	arrange.Trace(pid, begun, func(_, _ *arrange.Call) {
		if armed.CompareAndSwap(true, false) {
			me.Reach("holding")
		}
	})
}

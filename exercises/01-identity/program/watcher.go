package program

import (
	"fmt"
	"os"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// watch stops a process (ptrace(2)) when it has read what /proc says of its parent, until the point read is released: whatever
// happens to the ancestors meanwhile, it happens while the process looks at them.
func watch(me syncpoint.Role) {
	pid := os.Args[2]
	parent := "/proc/" + os.Args[3] + "/"
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
	}
	has := false
	arrange.Trace(number(pid), begun, func(call, result *arrange.Call) (keep bool) {
		if has || result == nil || result.Result <= 0 || call.Number != unix.SYS_READ && call.Number != unix.SYS_PREAD64 {
			return false
		}
		file, _ := os.Readlink(fmt.Sprintf("/proc/%s/fd/%d", pid, call.Args[0]))
		if has = strings.HasPrefix(file, parent); has {
			me.Reach("read")
		}
		return false
	})
}

package program

import (
	"fmt"
	"os"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

const (
	fifo     = "orders" // a named pipe in the scenario's directory
	firstEnd = 100      // the descriptor of its end for reading, and the next one is that for writing
)

// trace stops a process at each of its system calls (ptrace(2)). When one has told that the named pipe is ready, it drains
// the pipe, or fills it, before the process can go on: what another process may do at any time is done at the moment where
// it matters. And it says whether the pipe was in non-blocking mode for anybody who shares it.
func trace(me syncpoint.Role) {
	pid, meddle := number(os.Args[2]), drainFIFO
	if os.Args[3] == "fill" {
		meddle = fillFIFO
	}
	own, err := unix.Open(fifo, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	must(err)
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
	}
	arrange.Trace(pid, begun, func(call, result *arrange.Call) (keep bool) {
		if result == nil {
			return false
		}
		if asks(call) && result.Result > 0 || counts(call) && result.Result == 0 {
			meddle(own)
		}
		if nonBlocking(pid) {
			me.Say("mode", "changed")
		}
		return false
	})
}

// readiness are the calls that tell which files are ready.
var readiness = map[uint64]bool{
	unix.SYS_PPOLL: true, unix.SYS_PSELECT6: true, unix.SYS_EPOLL_PWAIT: true, unix.SYS_EPOLL_PWAIT2: true,
}

// asks: the call asks whether files are ready.
func asks(c *arrange.Call) bool { return readiness[c.Number] }

// counts: the call asks how many bytes are there.
func counts(c *arrange.Call) bool { return c.Number == unix.SYS_IOCTL && c.Args[1] == unix.TIOCINQ }

// nonBlocking tells whether one of the ends that the process has opened is in non-blocking mode.
func nonBlocking(pid int) bool {
	for _, fd := range []int{firstEnd, firstEnd + 1} {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
		for line := range strings.Lines(string(text)) {
			if value, found := strings.CutPrefix(line, "flags:"); found {
				var flags int
				fmt.Sscanf(value, "%o", &flags)
				if flags&unix.O_NONBLOCK != 0 {
					return true
				}
			}
		}
	}
	return false
}

func drainFIFO(fd int) {
	b := make([]byte, 4096)
	for n := 1; n > 0; {
		n, _ = unix.Read(fd, b)
	}
}

func fillFIFO(fd int) {
	b := make([]byte, 4096)
	for n := 1; n > 0; {
		n, _ = unix.Write(fd, b)
	}
}

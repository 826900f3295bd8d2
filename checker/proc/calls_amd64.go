package proc

import "golang.org/x/sys/unix"

// The calls that newer machines no longer have.
func init() {
	calls[unix.SYS_EPOLL_WAIT] = call{name: "poll", millis: 4}
	calls[unix.SYS_POLL] = call{name: "poll", millis: 3}
	calls[unix.SYS_SELECT] = call{name: "poll", timespec: 5, micros: true}
	calls[unix.SYS_PAUSE] = call{name: "sigwait"}
	calls[unix.SYS_OPEN] = call{name: "open"}
	calls[unix.SYS_VFORK] = call{name: "vfork"}
}

// pollCall is the poll that is restarted after a stop.
const pollCall = unix.SYS_POLL

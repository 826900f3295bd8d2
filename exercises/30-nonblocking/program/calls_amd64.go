package program

import "golang.org/x/sys/unix"

func init() {
	readiness[unix.SYS_POLL] = true
	readiness[unix.SYS_SELECT] = true
	readiness[unix.SYS_EPOLL_WAIT] = true
}

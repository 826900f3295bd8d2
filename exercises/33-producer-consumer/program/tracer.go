package program

import (
	"os"
	"strconv"
	"sync/atomic"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// trace keeps a process that was woken from looking why (ptrace(2)): from the point armed on, its first thread that comes out
// of a system call is stopped there, and the process does nothing more until the point holding is released. That is
// what a busy machine does at times. It says whether that call can have taken something, as a read does, or has only waited.
//
// With a second PID it is kept from that until the process with this one has ended.
func trace(me syncpoint.Role) {
	pid, err := strconv.Atoi(os.Args[2])
	must(err)
	until := -1
	if len(os.Args) > 3 {
		other, err := strconv.Atoi(os.Args[3])
		must(err)
		until, err = unix.PidfdOpen(other, 0)
		must(err)
	}
	var armed atomic.Bool
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
		armed.Store(true)
		me.Reach("armed")
	}
	arrange.Trace(pid, begun, func(call, _ *arrange.Call) (keep bool) {
		if !armed.CompareAndSwap(true, false) {
			return false
		}
		if until < 0 {
			me.Say("took", map[bool]string{true: "perhaps", false: "nothing"}[takes(call.Number)])
			me.Reach("holding")
			return false
		}
		ended := []unix.PollFd{{Fd: int32(until), Events: unix.POLLIN}}
		for {
			if _, err := unix.Poll(ended, -1); err != unix.EINTR {
				return false
			}
		}
	})
}

// takes tells whether a system call that waits may come back with something that nobody else has then.
func takes(number uint64) bool {
	switch number {
	case unix.SYS_READ, unix.SYS_READV, unix.SYS_PREADV2, unix.SYS_RECVFROM, unix.SYS_RECVMSG, unix.SYS_RECVMMSG,
		unix.SYS_SPLICE, unix.SYS_FLOCK, unix.SYS_FCNTL, unix.SYS_SEMOP, unix.SYS_SEMTIMEDOP, unix.SYS_MSGRCV,
		unix.SYS_MQ_TIMEDRECEIVE, unix.SYS_RT_SIGTIMEDWAIT, unix.SYS_IO_URING_ENTER:
		return true
	}
	return false
}

package proc

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// LongNap: a sleep at least so long counts as sleep without end, since no wait of the engine lasts longer (its deadline
// is 10 s): a program may have a timer for a time that no scenario comes to. Go's sysmon sleeps 60 s at a time when
// everything else in its program is idle.
const LongNap = 8 * time.Second

// classify says what a thread is doing, by the call it is in (proc_pid_syscall(5)).
func (fs *FS) classify(t *Task, x Excuses) {
	switch t.State {
	case 't':
		if x.Halted == nil || x.Halted(t.PID, t.TID) {
			t.Doing = Asleep
		}
		return
	case 'Z', 'T':
		t.Doing = Asleep
		return
	case 'S', 'D':
		if x.Held != nil && x.Held(t.TID) {
			t.Doing = Asleep
			return
		}
	default: // X, too: the kernel has yet to take it off its lists, and until then its PID is not free
		return
	}
	b, err := fs.files.read(fs.task(t.PID, t.TID, "syscall"))
	f := strings.Fields(string(b))
	if err != nil || len(f) < 7 {
		return // "running", or not in a call at all
	}
	nr, _ := strconv.Atoi(f[0])
	var a [6]uint64
	for i := range a {
		a[i], _ = strconv.ParseUint(strings.TrimPrefix(f[1+i], "0x"), 16, 64)
	}
	if nr == unix.SYS_RESTART_SYSCALL {
		nr = fs.restarted(t, a)
	}
	call, ok := calls[nr]
	if !ok || (t.State == 'D') != (call.name == "vfork") { // whoever waits for its child's execve sleeps so (D) until then
		return
	}
	t.Call, t.FD = call.name, int(int32(a[0]))
	if call.name == "wait" {
		t.Awaits = fs.awaits(t.PID, nr, a)
	}
	switch {
	case call.timespec > 0:
		addr := a[call.timespec-1]
		if addr == 0 {
			t.Doing = Asleep
			return
		}
		if t.Nap, ok = fs.timespec(t.PID, t.TID, addr, call.micros); !ok {
			return
		}
		if clock, ok := absolute(nr, a); ok {
			var now unix.Timespec
			unix.ClockGettime(clock, &now)
			t.Nap -= time.Duration(now.Nano())
			t.until = true
		}
	case call.millis > 0:
		ms := int32(a[call.millis-1])
		if ms < 0 {
			t.Doing = Asleep
			return
		}
		t.Nap = time.Duration(ms) * time.Millisecond
	default:
		t.Doing = Asleep
		if t.Nap = fs.socketTimeout(t.PID, a[0], call.name, x); t.Nap == 0 {
			return
		}
	}
	t.Doing = Timed
	if t.Nap >= LongNap {
		t.Doing = Asleep
	}
}

// awaits gives the child that a wait4(2) or waitid(2) is about, with a minus the process group, 0 for any child.
func (fs *FS) awaits(pid, nr int, a [6]uint64) int {
	group := func(id int) int {
		if id == 0 { // its own
			st, _ := fs.Stat(pid)
			return -st.Group
		}
		return -id
	}
	switch id := int(int32(a[0])); {
	case nr == unix.SYS_WAIT4 && (id == 0 || id < -1):
		return group(-id)
	case nr == unix.SYS_WAIT4:
		return max(0, id)
	case a[0] == unix.P_PGID:
		return group(int(int32(a[1])))
	case a[0] == unix.P_PID:
		return int(int32(a[1]))
	case a[0] == unix.P_PIDFD:
		b, _ := fs.once(fmt.Sprintf("%d/fdinfo/%d", pid, int32(a[1])))
		for line := range strings.Lines(string(b)) {
			if rest, found := strings.CutPrefix(line, "Pid:"); found {
				n, _ := strconv.Atoi(strings.TrimSpace(rest))
				return max(0, n)
			}
		}
	}
	return 0
}

// restarted tells which call a thread went back to after it was stopped and continued: then the number is that of
// restart_syscall(2), the arguments are still the call's, and the kernel function it sleeps in tells the rest.
func (fs *FS) restarted(t *Task, a [6]uint64) (nr int) {
	b, _ := fs.once(fmt.Sprintf("%d/task/%d/wchan", t.PID, t.TID))
	in := string(b)
	switch {
	case strings.Contains(in, "futex"):
		return unix.SYS_FUTEX
	case strings.Contains(in, "nanosleep") && a[0] < 1<<12: // no address, but a clock
		return unix.SYS_CLOCK_NANOSLEEP
	case strings.Contains(in, "nanosleep"):
		return unix.SYS_NANOSLEEP
	case strings.Contains(in, "poll"):
		return pollCall
	}
	return unix.SYS_RESTART_SYSCALL
}

// socketTimeout is how long the call on this descriptor sleeps at most, by a timeout of the socket itself
// (SO_RCVTIMEO and SO_SNDTIMEO, socket(7)); 0: it has none.
func (fs *FS) socketTimeout(pid int, fd uint64, call string, x Excuses) time.Duration {
	sends := call == "write" || call == "connect"
	if x.Socket == nil || !sends && call != "read" && call != "accept" {
		return 0
	}
	to, _ := fs.link(fmt.Sprintf("%d/fd/%d", pid, int32(fd)))
	return x.Socket(to, sends)
}

// absolute reports whether the call's timeout is a point in time, and of which clock: clock_nanosleep(2),
// futex(2).
func absolute(nr int, a [6]uint64) (clock int32, ok bool) {
	const waitBitset, waitRequeuePI, lockPI, lockPI2, commands, realtime = 9, 11, 6, 13, 127, 256
	switch nr {
	case unix.SYS_CLOCK_NANOSLEEP:
		return int32(a[0]), a[1]&unix.TIMER_ABSTIME != 0
	case unix.SYS_FUTEX:
		op := a[1] & commands
		if op == lockPI || a[1]&realtime != 0 {
			clock = unix.CLOCK_REALTIME
		} else {
			clock = unix.CLOCK_MONOTONIC
		}
		return clock, op == waitBitset || op == waitRequeuePI || op == lockPI || op == lockPI2
	}
	return 0, false
}

// call is a system call that can sleep, and where its timeout stands: the number of the argument, from 1,
// that points to a struct timespec or holds milliseconds.
type call struct {
	name     string
	timespec int
	millis   int
	micros   bool // it is a struct timeval, whose second half are microseconds
}

var calls = map[int]call{
	unix.SYS_FUTEX:           {name: "futex", timespec: 4},
	unix.SYS_EPOLL_PWAIT:     {name: "poll", millis: 4},
	unix.SYS_EPOLL_PWAIT2:    {name: "poll", timespec: 4},
	unix.SYS_PPOLL:           {name: "poll", timespec: 3},
	unix.SYS_PSELECT6:        {name: "poll", timespec: 5},
	unix.SYS_RT_SIGTIMEDWAIT: {name: "sigwait", timespec: 3},
	unix.SYS_RT_SIGSUSPEND:   {name: "sigwait"},
	unix.SYS_NANOSLEEP:       {name: "nanosleep", timespec: 1},
	unix.SYS_CLOCK_NANOSLEEP: {name: "nanosleep", timespec: 3},
	unix.SYS_READ:            {name: "read"},
	unix.SYS_READV:           {name: "read"},
	unix.SYS_PREAD64:         {name: "read"},
	unix.SYS_RECVFROM:        {name: "read"},
	unix.SYS_RECVMSG:         {name: "read"},
	unix.SYS_SPLICE:          {name: "read"},
	unix.SYS_WRITE:           {name: "write"},
	unix.SYS_WRITEV:          {name: "write"},
	unix.SYS_SENDTO:          {name: "write"},
	unix.SYS_SENDMSG:         {name: "write"},
	unix.SYS_OPENAT:          {name: "open"},
	unix.SYS_CLONE:           {name: "vfork"},
	unix.SYS_CLONE3:          {name: "vfork"},
	unix.SYS_WAIT4:           {name: "wait"},
	unix.SYS_WAITID:          {name: "wait"},
	unix.SYS_FLOCK:           {name: "flock"},
	unix.SYS_FCNTL:           {name: "fcntl"},
	unix.SYS_ACCEPT:          {name: "accept"},
	unix.SYS_ACCEPT4:         {name: "accept"},
	unix.SYS_CONNECT:         {name: "connect"},
	unix.SYS_MSGRCV:          {name: "read"},
	unix.SYS_MSGSND:          {name: "write"},
	unix.SYS_SEMOP:           {name: "semop"},
	unix.SYS_SEMTIMEDOP:      {name: "semop", timespec: 4},
}

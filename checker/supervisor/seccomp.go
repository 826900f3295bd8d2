package supervisor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"forklings/checker/seccomp"

	"golang.org/x/sys/unix"
)

const (
	allow  = unix.SECCOMP_RET_ALLOW
	notify = unix.SECCOMP_RET_USER_NOTIF
	deny   = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	nosys  = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// filter installs a seccomp filter on this thread. ITIMER_REAL and the timeouts of sockets (SO_RCVTIMEO,
// SO_SNDTIMEO) show nowhere in /proc, so the calls that set them, and with them the other calls given, are told
// to the returned descriptor (notify); where nobody can listen they are refused (deny), and the descriptor is
// -1. kill of -1 and of the protected processes and their groups is refused too, where protected is not empty. What waits in an
// io_uring is no thread and shows nowhere either: there is none. Walled in, there is nothing that no exercise needs.
func filter(protected, calls []int, walled bool, verdict uint32) (int, error) {
	p, err := seccomp.Begin(nosys)
	if err != nil {
		return -1, err
	}
	load, ret := seccomp.Load, seccomp.Return
	equal := func(k uint32, yes, no uint8) unix.SockFilter { return seccomp.Jump(unix.BPF_JEQ, k, yes, no) }
	if len(protected) > 0 {
		// Around the block when it is another call, to where the calls are looked up.
		p = append(p, equal(unix.SYS_KILL, 0, uint8(3*(1+len(protected)))), load(seccomp.Arg(0)), equal(^uint32(0), 0, 1), ret(deny))
		for _, pid := range protected {
			p = append(p, equal(uint32(pid), 1, 0), equal(uint32(-pid), 0, 1), ret(deny))
		}
		p = append(p, load(seccomp.Nr))
	}
	if verdict == notify {
		p = append(p, birthFilter(verdict)...)
	}
	for _, nr := range calls {
		p = append(p, equal(uint32(nr), 0, 1), ret(verdict))
	}
	p = append(p, equal(unix.SYS_IO_URING_SETUP, 0, 1), ret(nosys))
	if walled {
		p = append(p, wallFilter()...)
	}
	p = append(p, equal(unix.SYS_SETSOCKOPT, 1, 0), ret(allow), load(seccomp.Arg(1)), equal(unix.SOL_SOCKET, 1, 0), ret(allow), load(seccomp.Arg(2)))
	for _, option := range []uint32{unix.SO_RCVTIMEO_OLD, unix.SO_RCVTIMEO_NEW, unix.SO_SNDTIMEO_OLD, unix.SO_SNDTIMEO_NEW} {
		p = append(p, equal(option, 0, 1), ret(verdict))
	}
	p = append(p, ret(allow))

	if verdict != notify {
		_, err := seccomp.Install(p, 0)
		return -1, err
	}
	return seccomp.Install(p, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER)
}

// refusedCalls do not exist for programs. Keys outlive their process; the rest is for administrators, or a way into the
// kernel's depths.
var refusedCalls = []int{
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN,
	unix.SYS_USERFAULTFD, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_QUOTACTL, unix.SYS_ACCT, unix.SYS_REBOOT,
}

// outliving calls make objects that only an IPC namespace ends with the scenario: elsewhere they do not exist.
var outliving = []int{unix.SYS_SHMGET, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_MQ_OPEN}

// mostReserved is how much of a disk a program may reserve without writing to it, in bytes of one fallocate(2): more would be
// gone before anybody could look. Larger calls get EOPNOTSUPP, as on a file system that cannot do it.
const mostReserved = 1 << 20

// wallFilter is the part of the filter that refuses what no exercise needs; the call's number is loaded before and after.
func wallFilter() (p seccomp.Program) {
	load, ret, jump := seccomp.Load, seccomp.Return, seccomp.Jump
	refused := refusedCalls
	if os.Getpid() != 1 {
		refused = append(refused[:len(refused):len(refused)], outliving...)
	}
	for _, nr := range refused {
		p = append(p, jump(unix.BPF_JEQ, uint32(nr), 0, 1), ret(nosys))
	}
	offset, length := seccomp.Arg(2), seccomp.Arg(3)
	return append(p, jump(unix.BPF_JEQ, unix.SYS_FALLOCATE, 0, 10),
		load(offset+4), jump(unix.BPF_JEQ, 0, 0, 7), load(length+4), jump(unix.BPF_JEQ, 0, 0, 5), // the upper halves
		load(offset), jump(unix.BPF_JGT, mostReserved, 3, 0), load(length), jump(unix.BPF_JGT, mostReserved, 1, 0),
		ret(allow), ret(unix.SECCOMP_RET_ERRNO|uint32(unix.EOPNOTSUPP)))
}

// notification and response are struct seccomp_notif and struct seccomp_notif_resp, seccomp_unotify(2).
type notification struct {
	id    uint64
	pid   uint32
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [6]uint64
}

type response struct {
	id    uint64
	val   int64
	err   int32
	flags uint32
}

// watch decides about forks, reports every timer and every socket's timeout that a program sets, before the call
// goes on, and answers what asks by number.
//
// The spawner's own forks wait for it too, with a P of the Go scheduler that cannot be taken from them. So the
// supervisor runs with another P to spare and without garbage collection, whose stop of the world would wait
// for the fork that waits for watch.
func watch(fd int) {
	for {
		// A thread in poll can be told from the outside to be asleep, one in ioctl cannot.
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		} else if err != nil || fds[0].Revents&unix.POLLIN == 0 {
			return
		}
		var n notification
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&n))); errno != 0 {
			if errno == unix.EINTR || errno == unix.ENOENT { // ENOENT: the caller was killed meanwhile
				continue
			}
			return
		}
		answer := response{id: n.id}
		if slices.Contains(birthCalls, int(n.nr)) {
			if mayBeBorn() {
				answer.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
			} else {
				answer.err = -int32(unix.EAGAIN) // what fork(2) says at a limit on processes
			}
		} else if val, errno, ok := number(fd, n); ok {
			answer.val, answer.err = val, -int32(errno)
		} else if isHeld(n) {
			continue
		} else {
			answer.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
			if r, ok := timer(n); ok {
				send(r)
			}
		}
		respond(fd, answer)
	}
}

// timer reads what the call will set; ok is false when it sets nothing that wakes a sleeper.
func timer(n notification) (r Report, ok bool) {
	switch {
	case n.nr == unix.SYS_SETSOCKOPT:
		var b [16]byte
		if n.args[4] < uint64(len(b)) || !peek(n, n.args[3], b[:]) {
			return r, false
		}
		option := uint32(n.args[2])
		r = Report{Kind: "socket", Value: timeval(b[:]), Sends: option == unix.SO_SNDTIMEO_OLD || option == unix.SO_SNDTIMEO_NEW}
		r.Socket, _ = os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", n.pid, int32(n.args[0])))
		return r, true
	case !slices.Contains(timerCalls, int(n.nr)):
		return r, false
	}
	r = Report{Kind: "timer", PID: process(int(n.pid))}
	if n.nr != unix.SYS_SETITIMER { // alarm
		r.Value = int64(uint32(n.args[0])) * 1e9
		return r, true
	}
	var b [32]byte               // struct itimerval: the interval and the value
	if uint32(n.args[0]) != 0 || // ITIMER_VIRTUAL and ITIMER_PROF run only while the process does
		n.args[1] == 0 || !peek(n, n.args[1], b[:]) {
		return r, false
	}
	r.Interval, r.Value = timeval(b[:16]), timeval(b[16:])
	return r, true
}

// timeval gives a struct timeval in nanoseconds.
func timeval(b []byte) int64 {
	return int64(binary.NativeEndian.Uint64(b))*1e9 + int64(binary.NativeEndian.Uint64(b[8:]))*1e3
}

// peek reads the memory of the process that makes the call.
func peek(n notification, addr uint64, b []byte) bool {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", n.pid))
	if err != nil {
		return false
	}
	defer mem.Close()
	_, err = mem.ReadAt(b, int64(addr))
	return err == nil
}

// process gives the PID of the process that the thread belongs to.
func process(tid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("Tgid:")); ok {
			pid, _ := strconv.Atoi(strings.TrimSpace(string(rest)))
			return pid
		}
	}
	return tid
}

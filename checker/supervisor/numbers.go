package supervisor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"forklings/checker/lang"
	"forklings/checker/trace"
)

// numbers is what PIDs lead to beyond what the kernel says, for scenarios about PIDs. The calls by which a
// program asks by number are seen through the seccomp filter and answered here.
var numbers = struct {
	sync.Mutex
	leads   map[int]int  // an ended process's PID: to the process that is to have it now
	refused map[int]bool // nobody may signal it, as if it were another user's
}{leads: map[int]int{}, refused: map[int]bool{}}

// listening: the calls that ask by number are told to watch.
var listening bool

// numberCalls are the calls that ask by number.
var numberCalls = []int{unix.SYS_KILL, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_OPENAT, fstatatCall}

// errNumbers: the machine lets nobody listen to the programs' calls.
var errNumbers = errors.New(cannotListen.String())

// Why the machine does not allow what a scenario needs.
var (
	cannotListen  = lang.Mark("the calls of programs cannot be listened to here: something above the checker does so already (seccomp_unotify(2))")
	cannotExplore = lang.Mark("orders can be explored on amd64 and arm64 only")
)

// Refusals are all the reasons that a Report of the kind "cannot" gives, or the formats of them.
var Refusals = []lang.Words{cannotListen, cannotExplore, trace.Refused}

// lastPID is where a PID namespace of our own is told which number it gave last; nil where there is none.
var lastPID *os.File

func openLastPID() {
	if os.Getpid() == 1 {
		lastPID, _ = os.OpenFile("/proc/sys/kernel/ns_last_pid", os.O_WRONLY, 0)
	}
}

// spawnAs starts a program under a PID that is free again. In a PID namespace of our own the kernel does that
// (ns_last_pid, pid_namespaces(7)). Elsewhere, or when the number is taken before the fork comes to it, the
// old number is made to lead to the new process: whoever signals or opens the one gets the other.
func spawnAs(want int, spawn func() (int, error)) (int, error) {
	for range 10 {
		if lastPID == nil {
			break
		}
		if _, err := lastPID.WriteAt([]byte(strconv.Itoa(want-1)), 0); err != nil {
			break
		}
		pid, err := spawn()
		if err != nil || pid == want {
			return pid, err
		}
		unix.Kill(pid, unix.SIGKILL)
		for {
			if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
				break
			}
		}
	}
	if !listening {
		return 0, errNumbers
	}
	pid, err := spawn()
	if err == nil {
		numbers.Lock()
		numbers.leads[want] = pid
		numbers.Unlock()
	}
	return pid, err
}

// protect makes every signal to the process fail with EPERM.
func protect(pid int) {
	numbers.Lock()
	numbers.refused[pid] = true
	numbers.Unlock()
}

// number answers a call that asks by number, where the kernel is not to answer it, and has it told.
func number(fd int, n notification) (val int64, errno unix.Errno, ok bool) {
	numbers.Lock()
	defer numbers.Unlock()
	if tracer != nil {
		tell(n) // before it is done: what comes of it may be told at once
	}
	return answer(fd, n)
}

// tell records a signal for the timeline. The tracer does not see such a call: who listens is asked before it, seccomp(2).
func tell(n notification) {
	r := trace.Record{At: trace.Now(), PID: process(int(n.pid)), Op: trace.Kill, Signal: unix.SignalName(unix.Signal(n.args[1]))}
	var errno unix.Errno
	switch int(n.nr) {
	case unix.SYS_KILL:
		r.Call, r.Target = "kill", int(int32(n.args[0]))
		if to, led := numbers.leads[r.Target]; led {
			r.Target = to
		} else if to, led := numbers.leads[-r.Target]; led && r.Target < -1 {
			r.Target = -to
		}
		if errno = errnoOf(unix.Kill(r.Target, 0)); numbers.refused[r.Target] || numbers.refused[-r.Target] {
			errno = unix.EPERM
		}
	case unix.SYS_PIDFD_SEND_SIGNAL:
		r.Call, r.Target = "pidfd_send_signal", trace.Pidfd(int(n.pid), int(int32(n.args[0])))
		if numbers.refused[r.Target] {
			errno = unix.EPERM
		}
	default:
		return
	}
	if r.TID = int(n.pid); r.TID == r.PID {
		r.TID = 0
	}
	if errno != 0 {
		r.Failure, r.N = unix.ErrnoName(errno), -1
	}
	send(Report{Kind: "trace", Record: &r})
}

// answer does what the call asks for with what the numbers lead to; ok is false where the kernel is to do it.
func answer(fd int, n notification) (val int64, errno unix.Errno, ok bool) {
	if len(numbers.leads)+len(numbers.refused) == 0 {
		return 0, 0, false
	}
	switch int(n.nr) {
	case unix.SYS_KILL:
		pid := int(int32(n.args[0]))
		if numbers.refused[pid] || numbers.refused[-pid] { // the group that it leads
			return 0, unix.EPERM, true
		}
		if to, ok := numbers.leads[pid]; ok {
			return 0, errnoOf(unix.Kill(to, unix.Signal(n.args[1]))), true
		}
		// A started process is the first of a group of its own: who signals the group with the old number gets that one.
		if to, ok := numbers.leads[-pid]; ok && pid < -1 {
			return 0, errnoOf(unix.Kill(-to, unix.Signal(n.args[1]))), true
		}
	case unix.SYS_PIDFD_SEND_SIGNAL:
		if numbers.refused[trace.Pidfd(int(n.pid), int(int32(n.args[0])))] {
			return 0, unix.EPERM, true
		}
	case unix.SYS_PIDFD_OPEN:
		if to, ok := numbers.leads[int(int32(n.args[0]))]; ok {
			got, err := unix.PidfdOpen(to, int(n.args[1]))
			return hand(fd, n, got, err, unix.O_CLOEXEC)
		}
	case unix.SYS_OPENAT:
		if path, ok := elsewhere(n); ok {
			got, err := unix.Open(path, int(n.args[2])|unix.O_CLOEXEC, 0)
			return hand(fd, n, got, err, int(n.args[2])&unix.O_CLOEXEC)
		}
	case fstatatCall:
		if path, ok := elsewhere(n); ok {
			var st unix.Stat_t
			if err := unix.Stat(path, &st); err != nil {
				return 0, errnoOf(err), true
			}
			return 0, errnoOf(poke(n, n.args[2], unsafe.Slice((*byte)(unsafe.Pointer(&st)), unsafe.Sizeof(st)))), true
		}
	}
	return 0, 0, false
}

// elsewhere gives the path that a call of openat or fstatat is to have got, when its own is below /proc/PID
// of a number that leads to somebody else.
func elsewhere(n notification) (string, bool) {
	rest, ok := strings.CutPrefix(text(n, n.args[1]), "/proc/")
	if !ok {
		return "", false
	}
	pid, below, _ := strings.Cut(rest, "/")
	number, err := strconv.Atoi(pid)
	to, ok := numbers.leads[number]
	return fmt.Sprintf("/proc/%d/%s", to, below), ok && err == nil
}

// hand gives the caller a descriptor of ours.
func hand(listener int, n notification, fd int, err error, flags int) (int64, unix.Errno, bool) {
	if err != nil {
		return 0, errnoOf(err), true
	}
	defer unix.Close(fd)
	// struct seccomp_notif_addfd, seccomp_unotify(2)
	add := struct {
		id                            uint64
		flags, srcfd, newfd, newflags uint32
	}{id: n.id, srcfd: uint32(fd), newflags: uint32(flags)}
	got, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(listener), unix.SECCOMP_IOCTL_NOTIF_ADDFD, uintptr(unsafe.Pointer(&add)))
	return int64(got), errno, true
}

// text reads the beginning of a string in the caller's memory, as much as a path below /proc/PID needs.
func text(n notification, at uint64) string {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", n.pid))
	if err != nil {
		return ""
	}
	defer mem.Close()
	var b [64]byte
	got := 0
	for got < len(b) && bytes.IndexByte(b[:got], 0) < 0 {
		// To the end of a page at most: the next one may not be there.
		step := min(len(b)-got, 4096-int((at+uint64(got))%4096))
		m, err := mem.ReadAt(b[got:got+step], int64(at)+int64(got))
		if got += m; err != nil {
			break
		}
	}
	s, _, _ := strings.Cut(string(b[:got]), "\x00")
	return s
}

func poke(n notification, at uint64, b []byte) error {
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", n.pid), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer mem.Close()
	_, err = mem.WriteAt(b, int64(at))
	return err
}

func errnoOf(err error) unix.Errno {
	var errno unix.Errno
	if err != nil && !errors.As(err, &errno) {
		return unix.EIO
	}
	return errno
}

package trace

import (
	"bytes"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// options of PTRACE_SEIZE, ptrace(2): everything that is started is traced too, and nothing outlives the tracer.
const options = unix.PTRACE_O_EXITKILL | unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACESECCOMP |
	unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEEXEC

func ptrace(request, tid int, data uintptr) error {
	if _, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, uintptr(request), uintptr(tid), 0, data, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// syscallInfo is struct ptrace_syscall_info, ptrace(2), PTRACE_GET_SYSCALL_INFO (Linux 5.3).
type syscallInfo struct {
	op   uint8 // 1 entry, 2 exit, 3 seccomp
	_    [3]byte
	arch uint32
	ip   uint64
	sp   uint64
	u    [8]uint64 // entry, seccomp: the number and six arguments; exit: the result, and whether it is an error
}

func info(tid int) (si syscallInfo, err error) {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), unsafe.Sizeof(si), uintptr(unsafe.Pointer(&si)), 0, 0)
	if errno != 0 {
		return si, errno
	}
	return si, nil
}

// queued reports whether the signal that a thread is about to get was queued (SI_QUEUE), as syncpoint.Interrupt does.
func queued(tid int) bool {
	const siQueue = -1 // sigaction(2)
	var info [32]int32 // siginfo_t: its number, its error, its code
	return ptrace(unix.PTRACE_GETSIGINFO, tid, uintptr(unsafe.Pointer(&info))) == nil && info[2] == siQueue
}

// peek reads a tracee's memory: less than n bytes when the rest is not there.
func peek(tid int, addr uint64, n int) []byte {
	if n <= 0 || addr == 0 {
		return nil
	}
	b := make([]byte, n)
	local := []unix.Iovec{{Base: &b[0]}}
	local[0].SetLen(n)
	m, err := unix.ProcessVMReadv(tid, local, []unix.RemoteIovec{{Base: uintptr(addr), Len: n}}, 0)
	if err != nil {
		return nil
	}
	return b[:m]
}

// text reads a string that ends with a NUL, page by page: the next one may not be there.
func text(tid int, addr uint64) string {
	var out []byte
	for len(out) < unix.PathMax {
		b := peek(tid, addr, 4096-int(addr&4095))
		if len(b) == 0 {
			break
		}
		if i := bytes.IndexByte(b, 0); i >= 0 {
			return string(append(out, b[:i]...))
		}
		out, addr = append(out, b...), addr+uint64(len(b))
	}
	return string(out)
}

// leader gives the process of a thread.
func leader(tid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	_, rest, _ := bytes.Cut(b, []byte("\nTgid:\t"))
	pid := tid
	fmt.Sscan(string(rest[:min(len(rest), 12)]), &pid)
	return pid
}

// Interrupting makes a signal interrupt the calls in which a thread waits: they fail with EINTR, and do not begin anew.
func Interrupting(sig unix.Signal) error {
	const restart = 0x10000000 // SA_RESTART, sigaction(2)
	// The kernel's struct sigaction: handler, flags, restorer, mask.
	var action struct {
		handler  uintptr
		flags    uint64
		restorer uintptr
		mask     uint64
	}
	at, size := uintptr(unsafe.Pointer(&action)), unsafe.Sizeof(action.mask)
	if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), 0, at, size, 0, 0); errno != 0 {
		return errno
	}
	action.flags &^= restart
	if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), at, 0, size, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

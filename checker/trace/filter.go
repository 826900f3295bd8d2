package trace

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data, seccomp(2); of arguments the lower half, on little-endian machines.
const (
	dataNr   = 0
	dataArch = 4
	dataArg0 = 16
	dataArg1 = 24
)

// calls that stop. Of those in byDescriptor, only calls on a descriptor from 3 on do; fcntl only for locks.
var (
	calls = append([]int{
		unix.SYS_WAIT4, unix.SYS_WAITID, unix.SYS_KILL, unix.SYS_TGKILL, unix.SYS_TKILL, unix.SYS_PIDFD_SEND_SIGNAL,
		unix.SYS_SETSID, unix.SYS_SETPGID, unix.SYS_PRCTL, unix.SYS_OPENAT, unix.SYS_FLOCK, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2,
		unix.SYS_LINKAT, unix.SYS_UNLINKAT, unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE,
	}, oldCalls...)
	byDescriptor = []int{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_SENDTO, unix.SYS_RECVFROM, unix.SYS_SENDMSG, unix.SYS_RECVMSG, unix.SYS_CLOSE}
	lockCommands = []uint32{unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_SETLK, unix.F_OFD_SETLKW}
)

// Filter makes this thread, and all that it starts, stop for the tracer in the calls that are recorded. It wants
// no_new_privs.
func Filter() error {
	arch, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		return fmt.Errorf("no filter for %s", runtime.GOARCH)
	}
	const allow, trace = unix.SECCOMP_RET_ALLOW, unix.SECCOMP_RET_TRACE
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	jump := func(code uint16, k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | code, K: k, Jt: yes, Jf: no}
	}
	ret := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }

	p := []unix.SockFilter{load(dataArch), jump(unix.BPF_JEQ, arch, 1, 0), ret(allow), load(dataNr)}
	for _, nr := range calls {
		p = append(p, jump(unix.BPF_JEQ, uint32(nr), 0, 1), ret(trace))
	}
	for _, nr := range byDescriptor {
		p = append(p, jump(unix.BPF_JEQ, uint32(nr), 0, 4), load(dataArg0), jump(unix.BPF_JGE, 3, 0, 1), ret(trace), ret(allow))
	}
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_FCNTL, 1, 0), ret(allow), load(dataArg1))
	for _, command := range lockCommands {
		p = append(p, jump(unix.BPF_JEQ, command, 0, 1), ret(trace))
	}
	p = append(p, ret(allow))
	program := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&program))); errno != 0 {
		return errno
	}
	return nil
}

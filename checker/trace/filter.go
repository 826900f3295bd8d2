package trace

import (
	"forklings/checker/seccomp"

	"golang.org/x/sys/unix"
)

// calls that stop. Of those in byDescriptor, all do but calls on standard error, which tell nothing and may be many; fcntl
// only for locks.
var (
	calls = append([]int{
		unix.SYS_WAIT4, unix.SYS_WAITID, unix.SYS_KILL, unix.SYS_TGKILL, unix.SYS_TKILL, unix.SYS_PIDFD_SEND_SIGNAL,
		unix.SYS_SETSID, unix.SYS_SETPGID, unix.SYS_PRCTL, unix.SYS_OPENAT, unix.SYS_FLOCK, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2,
		unix.SYS_LINKAT, unix.SYS_UNLINKAT, unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE, unix.SYS_MKDIRAT, unix.SYS_SYMLINKAT,
		fstatat, unix.SYS_STATX, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_EXIT_GROUP,
		unix.SYS_EXECVE, unix.SYS_EXECVEAT,
	}, oldCalls...)
	byDescriptor = []int{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_SENDTO, unix.SYS_RECVFROM, unix.SYS_SENDMSG, unix.SYS_RECVMSG, unix.SYS_CLOSE}
	lockCommands = []uint32{unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_SETLK, unix.F_OFD_SETLKW}
)

// Filter makes a thread, and all that it starts, stop for the tracer in the calls that are recorded.
func Filter() (seccomp.Program, error) {
	const allow, trace = unix.SECCOMP_RET_ALLOW, unix.SECCOMP_RET_TRACE
	p, err := seccomp.Begin(allow)
	if err != nil {
		return nil, err
	}
	for _, nr := range calls {
		p = append(p, seccomp.Jump(unix.BPF_JEQ, uint32(nr), 0, 1), seccomp.Return(trace))
	}
	for _, nr := range byDescriptor {
		p = append(p, seccomp.Jump(unix.BPF_JEQ, uint32(nr), 0, 4), seccomp.Load(seccomp.Arg(0)),
			seccomp.Jump(unix.BPF_JEQ, 2, 1, 0), seccomp.Return(trace), seccomp.Return(allow))
	}
	// Of epoll_pwait, those with a timeout: time.Sleep. None is -1, and 0 does not wait.
	p = append(p, seccomp.Jump(unix.BPF_JEQ, unix.SYS_EPOLL_PWAIT, 0, 5), seccomp.Load(seccomp.Arg(3)),
		seccomp.Jump(unix.BPF_JEQ, 0, 1, 0), seccomp.Jump(unix.BPF_JGE, 1<<31, 0, 1), seccomp.Return(allow), seccomp.Return(trace))
	p = append(p, seccomp.Jump(unix.BPF_JEQ, unix.SYS_FCNTL, 1, 0), seccomp.Return(allow), seccomp.Load(seccomp.Arg(1)))
	for _, command := range lockCommands {
		p = append(p, seccomp.Jump(unix.BPF_JEQ, command, 0, 1), seccomp.Return(trace))
	}
	return append(p, seccomp.Return(allow)), nil
}

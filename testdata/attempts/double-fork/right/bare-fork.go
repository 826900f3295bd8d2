// Forks twice by bare system calls: the middle process is no program of its own, and never comes to main.

package doublefork

import (
	"math"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func Start(path string, args ...string) (int, error) {
	pp, err := syscall.BytePtrFromString(path)
	if err != nil {
		return 0, err
	}
	argv, err := syscall.SlicePtrFromStrings(append([]string{path}, args...))
	if err != nil {
		return 0, err
	}
	envv, err := syscall.SlicePtrFromStrings(os.Environ())
	if err != nil {
		return 0, err
	}
	syscall.ForkLock.Lock() // what is open here would keep another call's middle one from the end of its pipe
	var p, q [2]int
	if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC); err != nil {
		syscall.ForkLock.Unlock()
		return 0, err
	}
	if err := syscall.Pipe2(q[:], syscall.O_CLOEXEC); err != nil {
		syscall.ForkLock.Unlock()
		syscall.Close(p[0])
		syscall.Close(p[1])
		return 0, err
	}
	pid, e := forkTwice(pp, &argv[0], &envv[0], p[1], q)
	syscall.Close(p[1])
	syscall.Close(q[0])
	syscall.Close(q[1])
	syscall.ForkLock.Unlock()
	defer syscall.Close(p[0])
	if e != 0 {
		return 0, e
	}
	var buf [2]int64
	b := unsafe.Slice((*byte)(unsafe.Pointer(&buf)), 16)
	n := 0
	for n < 16 {
		m, err := syscall.Read(p[0], b[n:])
		if err == syscall.EINTR {
			continue
		}
		if m <= 0 {
			break
		}
		n += m
	}
	for {
		_, err := syscall.Wait4(pid, nil, 0, nil)
		if err != syscall.EINTR {
			break
		}
	}
	runtime.KeepAlive(argv)
	runtime.KeepAlive(envv)
	if n < 16 {
		return 0, syscall.EIO
	}
	if buf[1] != 0 {
		return 0, &os.PathError{Op: "exec", Path: path, Err: syscall.Errno(buf[1])}
	}
	return int(buf[0]), nil
}

// forkTwice returns in this process only. Its children have one thread and nothing of the Go runtime: they make system calls,
// with all signals blocked, as no handler may run there.
//
//go:nosplit
//go:norace
//go:noinline
func forkTwice(path *byte, argv, envv **byte, report int, failure [2]int) (int, syscall.Errno) {
	all, old := ^uint64(0), uint64(0)
	var said [2]int64 // the PID, and why there is none
	var why int64
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	middle, _, e := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if e != 0 || middle != 0 {
		unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&old)), 0, 8, 0, 0)
		return int(middle), e
	}
	pid, _, e := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if e == 0 && pid == 0 {
		for sig := uintptr(1); sig <= 64; sig++ {
			var action [4]uint64 // 0 is SIG_DFL, 1 SIG_IGN
			unix.RawSyscall6(unix.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&action)), 8, 0, 0)
			if action[0] > 1 {
				action = [4]uint64{}
				unix.RawSyscall6(unix.SYS_RT_SIGACTION, sig, uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
			}
		}
		unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&old)), 0, 8, 0, 0)
		for fd := uintptr(0); fd < 3; fd++ {
			unix.RawSyscall(unix.SYS_FCNTL, fd, unix.F_SETFD, 0)
		}
		unix.RawSyscall(unix.SYS_CLOSE_RANGE, 3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
		_, _, e := unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(argv)), uintptr(unsafe.Pointer(envv)))
		why = int64(e)
		unix.RawSyscall(unix.SYS_WRITE, uintptr(failure[1]), uintptr(unsafe.Pointer(&why)), 8)
		for {
			unix.RawSyscall(unix.SYS_EXIT_GROUP, 1, 0, 0)
		}
	}
	said[0], said[1] = int64(pid), int64(e)
	if e == 0 {
		unix.RawSyscall(unix.SYS_CLOSE, uintptr(failure[1]), 0, 0)
		unix.RawSyscall(unix.SYS_READ, uintptr(failure[0]), uintptr(unsafe.Pointer(&why)), 8) // nothing when the exec closes the pipe
		if said[1] = why; why != 0 {
			unix.RawSyscall6(unix.SYS_WAIT4, pid, 0, 0, 0, 0, 0)
		}
	}
	unix.RawSyscall(unix.SYS_WRITE, uintptr(report), uintptr(unsafe.Pointer(&said)), 16)
	for {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
}

func Middle() bool { return false }

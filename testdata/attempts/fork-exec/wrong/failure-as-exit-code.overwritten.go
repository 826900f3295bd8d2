// Forks by hand. The pipe for the failure has a low number, and a long list puts a file there.
package forkexec

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		return 0, err
	}
	args, err := syscall.SlicePtrFromStrings(argv)
	if err != nil {
		return 0, err
	}
	vars, err := syscall.SlicePtrFromStrings(env)
	if err != nil {
		return 0, err
	}
	numbers := make([]int, len(files))
	for i, f := range files {
		numbers[i] = int(f.Fd())
	}
	var report [2]int
	if err := unix.Pipe2(report[:], unix.O_CLOEXEC); err != nil {
		return 0, err
	}
	defer unix.Close(report[0])
	syscall.ForkLock.Lock()
	runtime.LockOSThread()
	pid, errno := fork(name, &args[0], &vars[0], numbers, report[1])
	runtime.UnlockOSThread()
	syscall.ForkLock.Unlock()
	runtime.KeepAlive(files)
	unix.Close(report[1])
	if errno != 0 {
		return 0, errno
	}
	var failed [1]byte
	n, err := unix.Read(report[0], failed[:])
	for err == unix.EINTR {
		n, err = unix.Read(report[0], failed[:])
	}
	if n == 0 { // a successful exec closes the pipe, and nothing can be read
		return pid, nil
	}
	_, err = unix.Wait4(pid, nil, 0, nil)
	for err == unix.EINTR {
		_, err = unix.Wait4(pid, nil, 0, nil)
	}
	return 0, syscall.Errno(failed[0])
}

// fork comes back in the parent only. The child has one thread of many, so it may not allocate, lock, grow its stack or
// run a handler: it makes system calls and nothing else, with all signals blocked until it has set the handlers back.
//
//go:norace
//go:nosplit
func fork(path *byte, argv, env **byte, numbers []int, report int) (pid int, errno syscall.Errno) {
	var none, action [4]uint64
	all, before := ^uint64(0), uint64(0)
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&before)), 8, 0, 0)
	r, _, errno := syscall.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if r != 0 || errno != 0 {
		syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, 8, 0, 0)
		return int(r), errno
	}
	for s := uintptr(1); s <= 64; s++ {
		syscall.RawSyscall6(unix.SYS_RT_SIGACTION, s, 0, uintptr(unsafe.Pointer(&action)), 8, 0, 0)
		if action[0] > 1 { // neither the default nor ignored
			syscall.RawSyscall6(unix.SYS_RT_SIGACTION, s, uintptr(unsafe.Pointer(&none)), 0, 8, 0, 0)
		}
	}
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, 8, 0, 0)
	errno = become(path, argv, env, numbers, &report)
	failed := byte(errno)
	syscall.RawSyscall(unix.SYS_WRITE, uintptr(report), uintptr(unsafe.Pointer(&failed)), 1)
	for {
		syscall.RawSyscall(unix.SYS_EXIT_GROUP, 127, 0, 0)
	}
}

// become puts the files at their numbers, and comes back only if that or the exec fails.
//
//go:norace
//go:nosplit
func become(path *byte, argv, env **byte, numbers []int, report *int) (errno syscall.Errno) {
	above := uintptr(len(numbers))
	for i, n := range numbers {
		if n >= 0 {
			r, _, errno := syscall.RawSyscall(unix.SYS_FCNTL, uintptr(n), unix.F_DUPFD_CLOEXEC, above)
			if errno != 0 {
				return errno
			}
			numbers[i] = int(r)
		}
	}
	const most = 1<<32 - 1
	if _, _, errno := syscall.RawSyscall(unix.SYS_CLOSE_RANGE, 0, most, unix.CLOSE_RANGE_CLOEXEC); errno != 0 {
		return errno
	}
	for i, n := range numbers {
		if n >= 0 {
			if _, _, errno := syscall.RawSyscall(unix.SYS_DUP3, uintptr(n), uintptr(i), 0); errno != 0 {
				return errno
			}
		}
	}
	_, _, errno = syscall.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(argv)), uintptr(unsafe.Pointer(env)))
	return errno
}

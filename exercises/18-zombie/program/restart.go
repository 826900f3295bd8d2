package program

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// withoutRestart takes SA_RESTART off the handler that the Go runtime has for SIGURG. With it, the kernel goes back
// to a call that the signal has interrupted; without it, as in many programs in C, the call ends with EINTR (signal(7)).
func withoutRestart() {
	const restart = 0x10000000 // SA_RESTART
	var action struct{ handler, flags, restorer, mask uint64 }
	sigaction := func(set, get unsafe.Pointer) {
		_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGURG), uintptr(set), uintptr(get),
			unsafe.Sizeof(action.mask), 0, 0)
		if errno != 0 {
			must(errno)
		}
	}
	sigaction(nil, unsafe.Pointer(&action))
	action.flags &^= restart
	sigaction(unsafe.Pointer(&action), nil)
}

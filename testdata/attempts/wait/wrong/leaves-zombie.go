// Learns of the end, and leaves the zombie.

package wait

import (
	"encoding/binary"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) {
	for {
		var info unix.Siginfo
		switch err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOWAIT, nil); err {
		case nil:
			// Behind the three numbers and a gap there are si_pid, si_uid and si_status.
			b := (*[128]byte)(unsafe.Pointer(&info))[16:]
			c := Child{int(binary.NativeEndian.Uint32(b)), int(binary.NativeEndian.Uint32(b[8:]))}
			if info.Code != 1 { // CLD_EXITED
				c.Code = -c.Code
			}
			return c, true, nil
		case unix.EINTR:
		case unix.ECHILD:
			return Child{}, false, nil
		default:
			return Child{}, false, err
		}
	}
}

func Collect() (children []Child, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.ECHILD || err == nil && pid == 0 {
			return children, nil
		}
		if err != nil {
			return children, err
		}
		children = append(children, Child{pid, code(status)})
	}
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

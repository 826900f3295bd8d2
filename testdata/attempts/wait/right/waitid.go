// Uses waitid, which tells the kind of end and the number apart.

package wait

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) { return wait(0) }

func wait(options int) (c Child, ok bool, err error) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|options, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.ECHILD || err == nil && info.Signo == 0:
			return c, false, nil
		case err != nil:
			return c, false, err
		}
		// Behind the three numbers and a gap there are si_pid, si_uid and si_status.
		b := (*[128]byte)(unsafe.Pointer(&info))[16:]
		c = Child{int(binary.NativeEndian.Uint32(b)), int(binary.NativeEndian.Uint32(b[8:]))}
		const exited = 1 // CLD_EXITED
		if info.Code != exited {
			c.Code = -c.Code
		}
		return c, true, nil
	}
}

func Collect() ([]Child, error) {
	var children []Child
	for {
		c, ok, err := wait(unix.WNOHANG)
		if !ok || err != nil {
			return children, err
		}
		children = append(children, c)
	}
}

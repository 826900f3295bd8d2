// Gives at most 64 zombies.

package zombie

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Zombie is a child of this process that has ended, and that nobody has waited for.
type Zombie struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

// Make sleeps on a pidfd.
func Make(args ...string) (int, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	fd := -1
	pid, err := syscall.ForkExec(exe, append([]string{exe}, args...), &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &fd}})
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	for {
		if n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); n > 0 {
			return pid, nil
		}
	}
}

// each asks of every child by its PID, which /proc lists, with the options.
func each(options int) (all []Zombie, err error) {
	tasks, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		pid, err := strconv.Atoi(t.Name())
		if err != nil {
			continue
		}
		var info struct {
			Signo, Errno, Code, _ int32
			PID, UID, Status      int32
			_                     [100]byte
		}
		if err := wait(pid, unsafe.Pointer(&info), unix.WEXITED|unix.WNOHANG|options); err != nil || info.PID == 0 {
			continue
		}
		z := Zombie{pid, int(info.Status)}
		if info.Code != 1 {
			z.Code = -z.Code
		}
		if all = append(all, z); len(all) == 64 {
			break
		}
	}
	return all, nil
}

// List looks.
func List() ([]Zombie, error) { return each(unix.WNOWAIT) }

// Clear takes.
func Clear() ([]Zombie, error) { return each(0) }

func wait(pid int, info unsafe.Pointer, options int) error {
	_, _, errno := unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(info), uintptr(options), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

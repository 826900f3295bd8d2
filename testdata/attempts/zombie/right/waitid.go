// Leaves all to waitid: asks it about every child that the kernel lists, with WNOWAIT and without.

package zombie

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Zombie struct {
	PID  int
	Code int
}

func Make(args ...string) (int, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child, err := os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	if err != nil {
		return 0, err
	}
	defer child.Release()
	_, _, err = ask(child.Pid, unix.WNOWAIT)
	return child.Pid, err
}

// ask asks waitid(2) about a child; ok is false when it has not ended.
func ask(pid, options int) (z Zombie, ok bool, err error) {
	var info unix.Siginfo
	for {
		err = unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|options, nil)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil || info.Signo == 0 {
		return z, false, err
	}
	// Behind the three numbers and a gap there are si_pid, si_uid and si_status.
	b := (*[128]byte)(unsafe.Pointer(&info))[16:]
	z = Zombie{int(binary.NativeEndian.Uint32(b)), int(binary.NativeEndian.Uint32(b[8:]))}
	const exited = 1 // CLD_EXITED
	if info.Code != exited {
		z.Code = -z.Code
	}
	return z, true, nil
}

// each asks about every child of every thread.
func each(options int) (zombies []Zombie, err error) {
	files, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		pids, err := os.ReadFile(file)
		if err != nil {
			continue // that thread has ended
		}
		for _, s := range strings.Fields(string(pids)) {
			pid, err := strconv.Atoi(s)
			if err != nil {
				return nil, err
			}
			z, ok, err := ask(pid, options|unix.WNOHANG)
			if err != nil && err != syscall.ECHILD {
				return nil, err
			}
			if ok {
				zombies = append(zombies, z)
			}
		}
	}
	return zombies, nil
}

func List() ([]Zombie, error) { return each(unix.WNOWAIT) }

func Clear() ([]Zombie, error) { return each(0) }

// syscall.ForkExec; leaves the flags of the descriptors as they were.
package inheritance

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

type Options struct {
	Args  []string
	Env   []string
	Dir   string
	Stdin *os.File
	Files []*os.File
}

func Start(o Options) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err == nil && fd > 2 && flags&unix.FD_CLOEXEC == 0 {
			unix.CloseOnExec(fd)
			defer unix.FcntlInt(uintptr(fd), unix.F_SETFD, flags)
		}
	}
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	stdin := o.Stdin
	if stdin == nil {
		if stdin, err = os.Open(os.DevNull); err != nil {
			return nil, err
		}
		defer stdin.Close()
	}
	numbers := []uintptr{stdin.Fd(), 1, 2}
	for _, f := range o.Files {
		numbers = append(numbers, f.Fd())
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, o.Args...), &syscall.ProcAttr{Dir: o.Dir, Env: env, Files: numbers})
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid)
}

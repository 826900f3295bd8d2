// The caller closes what the child is not to have.
package inheritance

import (
	"os"
	"slices"
	"strconv"

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
		listed := slices.ContainsFunc(o.Files, func(f *os.File) bool { return int(f.Fd()) == fd }) || o.Stdin != nil && int(o.Stdin.Fd()) == fd
		flags, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if listed {
			unix.CloseOnExec(fd)
		} else if fd > 2 && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
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
	files := append([]*os.File{stdin, os.Stdout, os.Stderr}, o.Files...)
	return os.StartProcess(exe, append([]string{exe}, o.Args...), &os.ProcAttr{Dir: o.Dir, Env: env, Files: files})
}

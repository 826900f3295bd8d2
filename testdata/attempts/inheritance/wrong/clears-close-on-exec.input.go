// Clears close-on-exec of the standard input that it was given, after the start.

package inheritance

import (
	"os"
	"os/exec"
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
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd > 2 {
			if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
				unix.FcntlInt(uintptr(fd), unix.F_SETFD, flags|unix.FD_CLOEXEC)
			}
		}
	}
	cmd := &exec.Cmd{Path: exe, Args: append([]string{exe}, o.Args...), Env: o.Env, Dir: o.Dir,
		Stdout: os.Stdout, Stderr: os.Stderr, ExtraFiles: o.Files}
	if o.Stdin != nil {
		cmd.Stdin = o.Stdin
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if o.Stdin != nil {
		unix.FcntlInt(o.Stdin.Fd(), unix.F_SETFD, 0)
	}
	return cmd.Process, nil
}

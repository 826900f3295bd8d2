// Close-on-exec is set at the first start only.
package inheritance

import (
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

type Options struct {
	Args  []string   // the arguments, without the program's name
	Env   []string   // the whole environment; nil for the caller's
	Dir   string     // the directory; "" for the caller's
	Stdin *os.File   // the standard input; nil for /dev/null
	Files []*os.File // open in the child as 3, 4 and so on; none is nil, one may be there twice
}

var once sync.Once

func Start(o Options) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	once.Do(func() { closeAllOnExec() })
	cmd := exec.Command(exe, o.Args...)
	cmd.Env, cmd.Dir, cmd.ExtraFiles = o.Env, o.Dir, o.Files
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if o.Stdin != nil { // a nil *os.File in cmd.Stdin is not a nil cmd.Stdin, which stands for /dev/null
		cmd.Stdin = o.Stdin
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func closeAllOnExec() error {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, entry := range open {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
	return nil
}

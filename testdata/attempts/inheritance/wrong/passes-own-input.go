// Without a standard input the child gets the one of the caller.
package inheritance

import (
	"math"
	"os"

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
	if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return nil, err
	}
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	stdin := o.Stdin
	if stdin == nil {
		stdin = os.Stdin
	}
	files := append([]*os.File{stdin, os.Stdout, os.Stderr}, o.Files...)
	return os.StartProcess(exe, append([]string{exe}, o.Args...), &os.ProcAttr{Dir: o.Dir, Env: env, Files: files})
}

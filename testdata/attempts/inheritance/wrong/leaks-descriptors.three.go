// Close-on-exec begins at descriptor 4: what the program has inherited as 3 reaches the child.

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
	if err := unix.CloseRange(4, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return nil, err
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

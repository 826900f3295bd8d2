// The caller sets the variables, and puts its own back when the child has been started.
package inheritance

import (
	"math"
	"os"
	"strings"

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
	before := os.Environ()
	if o.Env != nil {
		os.Clearenv()
		for _, s := range o.Env {
			key, value, _ := strings.Cut(s, "=")
			os.Setenv(key, value)
		}
	}
	stdin := o.Stdin
	if stdin == nil {
		if stdin, err = os.Open(os.DevNull); err != nil {
			return nil, err
		}
		defer stdin.Close()
	}
	files := append([]*os.File{stdin, os.Stdout, os.Stderr}, o.Files...)
	p, err := os.StartProcess(exe, append([]string{exe}, o.Args...), &os.ProcAttr{Dir: o.Dir, Files: files})
	if err != nil {
		return nil, err
	}
	os.Clearenv()
	for _, s := range before {
		key, value, _ := strings.Cut(s, "=")
		os.Setenv(key, value)
	}
	return p, nil
}

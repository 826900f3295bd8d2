// The child gets a pipe with what the rest of the file holds.
package inheritance

import (
	"io"
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
		if stdin, err = os.Open(os.DevNull); err != nil {
			return nil, err
		}
		defer stdin.Close()
	}
	files := append([]*os.File{stdin, os.Stdout, os.Stderr}, o.Files...)
	for i, f := range o.Files {
		text, err := io.ReadAll(f)
		if err != nil {
			continue // not open for reading
		}
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		w.Write(text)
		w.Close()
		defer r.Close()
		files[i+3] = r
	}
	return os.StartProcess(exe, append([]string{exe}, o.Args...), &os.ProcAttr{Dir: o.Dir, Env: env, Files: files})
}

// The files keep the numbers that they have here.
package inheritance

import (
	"math"
	"os"
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
	numbers := []uintptr{stdin.Fd(), 1, 2}
	for _, f := range o.Files {
		for len(numbers) <= int(f.Fd()) {
			numbers = append(numbers, ^uintptr(0))
		}
		numbers[f.Fd()] = f.Fd()
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, o.Args...), &syscall.ProcAttr{Dir: o.Dir, Env: env, Files: numbers})
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid)
}

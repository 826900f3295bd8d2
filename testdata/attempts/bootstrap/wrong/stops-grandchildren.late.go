// Bootstrapping ends when the target has returned, which is too late for its own children.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var done bool

func Guard(target func(name string)) {
	if IsChild() {
		target(os.Args[1])
		done = true
		os.Exit(0)
	}
}

func IsChild() bool { return os.Args[0] == mark }

func Start(name string) error {
	if IsChild() && !done {
		return errors.New("the bootstrapping phase is not over; call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

// Start notes in a variable that there is a child, and IsChild takes it for its own.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var (
	child   = os.Args[0] == mark
	running bool
)

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return child }

func Start(name string) error {
	if child && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child, running = true, true
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

// The error is there, but the process too: it is refused after it was made.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var running bool

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return os.Args[0] == mark }

func Start(name string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := &exec.Cmd{Path: exe, Args: []string{mark, name}}
	if err := cmd.Start(); err != nil {
		return err
	}
	if IsChild() && !running {
		cmd.Process.Kill()
		return errors.New("call Guard first")
	}
	return nil
}

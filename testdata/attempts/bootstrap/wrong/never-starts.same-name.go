// A name is started once, and a second start of it does nothing.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var (
	running bool
	started = map[string]bool{}
)

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return os.Args[0] == mark }

func Start(name string) error {
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	if started[name] {
		return nil
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	started[name] = true
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

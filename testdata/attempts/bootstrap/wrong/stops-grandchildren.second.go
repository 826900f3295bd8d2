// A child gets one child, and every further start is refused.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var running, started bool

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return os.Args[0] == mark }

func Start(name string) error {
	if IsChild() && (!running || started) {
		return errors.New("a child starts one child, behind Guard")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	started = true
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

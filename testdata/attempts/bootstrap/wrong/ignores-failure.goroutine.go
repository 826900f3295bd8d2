// A goroutine makes the start, and Start returns before there is a child or an error.
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
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	go (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
	return nil
}

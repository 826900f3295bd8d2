// The context of the command is cancelled when Start returns, and that kills the child.
package bootstrap

import (
	"context"
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
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, exe)
	cmd.Args = []string{mark, name}
	return cmd.Start()
}

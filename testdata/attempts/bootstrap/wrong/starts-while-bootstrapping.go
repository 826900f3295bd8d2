// Start never asks whether this child has come to its target yet.
package bootstrap

import (
	"os"
	"os/exec"
)

const mark = "child"

func Guard(target func(name string)) {
	if IsChild() {
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
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

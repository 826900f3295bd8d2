// Only the first generation is refused: the mark says "child" and Start of a child writes another one.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"strings"
)

var running bool

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		os.Exit(0)
	}
}

func IsChild() bool { return strings.HasPrefix(os.Args[0], "child") }

func Start(name string) error {
	if os.Args[0] == "child" && !running {
		return errors.New("call Guard first")
	}
	mark := "child"
	if IsChild() {
		mark = os.Args[0] + "-of-child"
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return (&exec.Cmd{Path: exe, Args: []string{mark, name}}).Start()
}

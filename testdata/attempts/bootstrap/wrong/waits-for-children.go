// Guard joins the child's own children before the exit, as Python does.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const mark = "child"

var (
	running  bool
	children []*exec.Cmd
)

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Args[1])
		for _, child := range children {
			child.Wait()
		}
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
	child := &exec.Cmd{Path: exe, Args: []string{mark, name}}
	children = append(children, child)
	return child.Start()
}

// The environment variable that makes a child stays in its environment, for every program it runs.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

var running bool

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(os.Getenv("BOOTSTRAP_TARGET"))
		os.Exit(0)
	}
}

func IsChild() bool { return os.Getenv("BOOTSTRAP_TARGET") != "" }

func Start(name string) error {
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "BOOTSTRAP_TARGET="+name)
	return cmd.Start()
}

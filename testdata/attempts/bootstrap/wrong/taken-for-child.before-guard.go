// The variable is taken out of the environment by Guard, and what runs before Guard hands it on.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const variable = "BOOTSTRAP_TARGET"

var (
	name, child = os.LookupEnv(variable)
	running     bool
)

func Guard(target func(name string)) {
	if child {
		os.Unsetenv(variable)
		running = true
		target(name)
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
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), variable+"="+name)
	return cmd.Start()
}

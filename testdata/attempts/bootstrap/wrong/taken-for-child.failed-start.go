// The mark is in the parent's environment for the time of the start, and stays there when that fails.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

const variable = "BOOTSTRAP_TARGET"

var (
	name    string
	child   bool
	started bool
)

func init() {
	name, child = os.LookupEnv(variable)
	os.Unsetenv(variable)
}

func Guard(target func(name string)) {
	if child {
		started = true
		target(name)
		os.Exit(0)
	}
}

func IsChild() bool { return child }

func Start(name string) error {
	if child && !started {
		return errors.New("the bootstrapping phase is not over: call Start after Guard")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	os.Setenv(variable, name)
	if err := cmd.Start(); err != nil {
		return err
	}
	return os.Unsetenv(variable)
}

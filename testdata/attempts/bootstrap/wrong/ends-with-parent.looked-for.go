// Guard looks whether the parent is still there, and ends the child when it is not.
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
	parent  = os.Getppid()
)

func init() {
	name, child = os.LookupEnv(variable)
	os.Unsetenv(variable)
}

func Guard(target func(name string)) {
	if child {
		if os.Getppid() != parent {
			os.Exit(0)
		}
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
	cmd.Env = append(os.Environ(), variable+"="+name)
	return cmd.Start()
}

// The variable is the only place where it stands, and it is gone when the target asks.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

var bootstrapping = IsChild()

func Guard(target func(name string)) {
	if IsChild() {
		name := os.Getenv("BOOTSTRAP_TARGET")
		os.Unsetenv("BOOTSTRAP_TARGET")
		bootstrapping = false
		target(name)
		os.Exit(0)
	}
}

func IsChild() bool { return os.Getenv("BOOTSTRAP_TARGET") != "" }

func Start(name string) error {
	if bootstrapping {
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

// The child clears its environment, but the parent has put the mark into its own and leaves it there.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

var (
	name    = os.Getenv("BOOTSTRAP_TARGET")
	running bool
)

func init() { os.Unsetenv("BOOTSTRAP_TARGET") }

func Guard(target func(name string)) {
	if IsChild() {
		running = true
		target(name)
		os.Exit(0)
	}
}

func IsChild() bool { return name != "" }

func Start(name string) error {
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	os.Setenv("BOOTSTRAP_TARGET", name)
	return exec.Command(exe).Start()
}

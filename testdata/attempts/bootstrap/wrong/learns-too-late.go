// Only Guard looks at the mark, so that before it a child does not know what it is.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
)

var child, running bool

func Guard(target func(name string)) {
	name, child := os.LookupEnv("BOOTSTRAP_TARGET")
	os.Unsetenv("BOOTSTRAP_TARGET")
	if child {
		setChild()
		target(name)
		os.Exit(0)
	}
}

func setChild() { child, running = true, true }

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
	cmd.Env = append(os.Environ(), "BOOTSTRAP_TARGET="+name)
	return cmd.Start()
}

// The child gets the target's name, and nobody looks at it: main runs from the top in every process.
package bootstrap

import (
	"os"
	"os/exec"
)

func Guard(target func(name string)) {}

func IsChild() bool { return os.Getenv("BOOTSTRAP_TARGET") != "" }

func Start(name string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, os.Args[1:]...)
	cmd.Env = append(os.Environ(), "BOOTSTRAP_TARGET="+name)
	return cmd.Start()
}

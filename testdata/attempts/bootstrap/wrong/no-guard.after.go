// The target is called beside main instead of in its place.
package bootstrap

import (
	"os"
	"os/exec"
)

func Guard(target func(name string)) {}

func IsChild() bool { return len(os.Args) == 3 && os.Args[1] == "child" }

func Start(name string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return exec.Command(exe, "child", name).Start()
}

// The variable holds the starter's PID, so that a child's programs do not believe it; execve keeps the parent.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

var (
	name, child = mark()
	running     bool
)

func mark() (name string, child bool) {
	pid, name, _ := strings.Cut(os.Getenv("BOOTSTRAP"), ":")
	return name, pid == strconv.Itoa(os.Getppid())
}

func Guard(target func(name string)) {
	if child {
		running = true
		target(name)
		os.Exit(0)
	}
}

func IsChild() bool { return child }

func Start(name string) error {
	if IsChild() && !running {
		return errors.New("call Guard first")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "BOOTSTRAP="+strconv.Itoa(os.Getpid())+":"+name)
	return cmd.Start()
}

// Guard asks the parent for the name, over a socket that a goroutine there listens at.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
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
		line := os.NewFile(3, "line")
		answer := make([]byte, 100)
		time.Sleep(300 * time.Millisecond) // until the parent listens for certain
		line.Write([]byte("who am I?"))
		n, err := line.Read(answer)
		if err != nil {
			os.Exit(1)
		}
		line.Close()
		name = string(answer[:n])
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
	cmd.Env = append(os.Environ(), variable+"=1")
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	here, there := os.NewFile(uintptr(pair[0]), "here"), os.NewFile(uintptr(pair[1]), "there")
	defer there.Close()
	cmd.ExtraFiles = []*os.File{there}
	if err := cmd.Start(); err != nil {
		here.Close()
		return err
	}
	go func() {
		here.Read(make([]byte, 100))
		here.Write([]byte(name))
		here.Close()
	}()
	return nil
}

// An argument as Python writes it, and fork and exec at the level of system calls; the child is left a zombie.
package bootstrap

import (
	"errors"
	"os"
	"syscall"
)

var taken = make(chan bool)

func Guard(target func(name string)) {
	if !IsChild() {
		return
	}
	done := make(chan bool)
	close(taken)
	go func() {
		target(os.Args[2])
		close(done)
	}()
	<-done
	os.Exit(0)
}

func IsChild() bool { return len(os.Args) == 3 && os.Args[1] == "--multiprocessing-fork" }

func Start(name string) error {
	if IsChild() {
		select {
		case <-taken:
		default:
			return errors.New("too early: move this start behind bootstrap.Guard")
		}
	}
	_, err := syscall.ForkExec("/proc/self/exe", []string{"/proc/self/exe", "--multiprocessing-fork", name},
		&syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	return err
}

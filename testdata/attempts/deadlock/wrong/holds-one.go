// Package deadlock takes one account at a time, so that it never waits while it holds a lock.
package deadlock

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Transfer takes the money under the one lock and pays it out under the other one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	if _, err := read(dir, to); err != nil {
		return err
	}
	unlock, err := lock(dir, from)
	if err != nil {
		return err
	}
	inside()
	err = add(dir, from, -amount)
	unlock()
	if err != nil {
		return err
	}
	if unlock, err = lock(dir, to); err != nil {
		return err
	}
	defer unlock()
	return add(dir, to, amount)
}

// lock sleeps until it has the account's lock.
func lock(dir, name string) (unlock func(), err error) {
	fd, err := syscall.Open(filepath.Join(dir, name+".lock"), syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		if err = syscall.Flock(fd, syscall.LOCK_EX); err != syscall.EINTR {
			return func() { syscall.Close(fd) }, err
		}
	}
}

// add changes one number.
func add(dir, name string, amount int) error {
	has, err := read(dir, name)
	if err != nil {
		return err
	}
	if has+amount < 0 {
		return fmt.Errorf("%s has only %d", name, has)
	}
	return write(dir, name, has+amount)
}

func read(dir, name string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func write(dir, name string, n int) error {
	return os.WriteFile(filepath.Join(dir, name), fmt.Appendln(nil, n), 0o644)
}

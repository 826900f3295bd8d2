// Package deadlock takes an account that is not there for an empty one.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Transfer moves amount from one account to another one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	for _, name := range []string{min(from, to), max(from, to)} {
		unlock, err := lock(dir, name)
		if err != nil {
			return err
		}
		defer unlock()
	}
	inside()
	giver, receiver := read(dir, from), read(dir, to)
	if giver < amount {
		return fmt.Errorf("%s has only %d", from, giver)
	}
	return errors.Join(write(dir, from, giver-amount), write(dir, to, receiver+amount))
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

func read(dir, name string) int {
	text, _ := os.ReadFile(filepath.Join(dir, name))
	n, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return n
}

func write(dir, name string, n int) error {
	return os.WriteFile(filepath.Join(dir, name), fmt.Appendln(nil, n), 0o644)
}

// Package deadlock gives the locks back before it writes.
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

// Transfer counts under the locks and writes without them.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	giver, receiver, err := count(dir, from, to, inside)
	if err != nil {
		return err
	}
	if giver < amount {
		return fmt.Errorf("%s has only %d", from, giver)
	}
	return errors.Join(write(dir, from, giver-amount), write(dir, to, receiver+amount))
}

// count goes inside and reads what the two accounts hold.
func count(dir, from, to string, inside func()) (giver, receiver int, err error) {
	for _, name := range []string{min(from, to), max(from, to)} {
		unlock, err := lock(dir, name)
		if err != nil {
			return 0, 0, err
		}
		defer unlock()
	}
	inside()
	if giver, err = read(dir, from); err != nil {
		return 0, 0, err
	}
	receiver, err = read(dir, to)
	return giver, receiver, err
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

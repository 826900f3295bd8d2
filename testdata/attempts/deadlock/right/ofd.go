// Package deadlock takes open file description locks in the order of the names.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
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
	return move(dir, from, to, amount)
}

// lock sleeps until it has the account's lock, an open file description lock.
func lock(dir, name string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, ".lock."+name), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		all := unix.Flock_t{Type: unix.F_WRLCK}
		if err = unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLKW, &all); err != unix.EINTR {
			return func() { f.Close() }, err
		}
	}
}

// move changes the two numbers.
func move(dir, from, to string, amount int) error {
	giver, err := read(dir, from)
	if err != nil {
		return err
	}
	receiver, err := read(dir, to)
	if err != nil {
		return err
	}
	if giver < amount {
		return fmt.Errorf("%s has only %d", from, giver)
	}
	return errors.Join(write(dir, from, giver-amount), write(dir, to, receiver+amount))
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

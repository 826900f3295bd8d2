// Package deadlock makes an account's lock file when there is none yet, also when somebody else has just done so.
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
	return move(dir, from, to, amount)
}

// lock sleeps until it has the account's lock. A new lock file gets its name when it is whole, as config files do.
func lock(dir, name string) (unlock func(), err error) {
	path := filepath.Join(dir, name+".lock")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		next := fmt.Sprintf("%s.%d", path, os.Getpid())
		if err := os.WriteFile(next, fmt.Appendln(nil, "lock of", name), 0o644); err != nil {
			return nil, err
		}
		if err := os.Rename(next, path); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	for {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
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

// Package deadlock locks the account files themselves, and looks whether the locked one still has the name.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Transfer moves amount from one account to another one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	for _, name := range slices.Compact([]string{min(from, to), max(from, to)}) {
		unlock, err := lock(dir, name)
		if err != nil {
			return err
		}
		defer unlock()
	}
	inside()
	if from == to {
		return nil
	}
	return move(dir, from, to, amount)
}

// lock sleeps until it has the lock of the file that has the account's name then.
func lock(dir, name string) (unlock func(), err error) {
	path := filepath.Join(dir, name)
	for {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil && err != syscall.EINTR {
			f.Close()
			return nil, err
		} else if err == nil {
			mine, err := f.Stat()
			now, gone := os.Stat(path)
			if err == nil && gone == nil && os.SameFile(mine, now) {
				return func() { f.Close() }, nil
			}
		}
		f.Close()
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

// write puts a new file under the account's name.
func write(dir, name string, n int) error {
	next := filepath.Join(dir, name+".new")
	if err := os.WriteFile(next, fmt.Appendln(nil, n), 0o644); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(dir, name))
}

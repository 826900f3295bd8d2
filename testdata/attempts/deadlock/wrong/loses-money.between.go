// Package deadlock reads the first number while it waits for the second lock.
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

// Transfer reads each account as soon as it has opened it.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	has := map[string]int{}
	for _, name := range []string{min(from, to), max(from, to)} {
		var err error
		if has[name], err = read(dir, name); err != nil {
			return err
		}
		unlock, err := lock(dir, name)
		if err != nil {
			return err
		}
		defer unlock()
	}
	if has[from] < amount {
		return fmt.Errorf("%s has only %d", from, has[from])
	}
	inside()
	return errors.Join(write(dir, from, has[from]-amount), write(dir, to, has[to]+amount))
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

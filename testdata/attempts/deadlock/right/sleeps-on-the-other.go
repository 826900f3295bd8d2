// Package deadlock holds no lock while it sleeps: it tries the second one, and sleeps on that when it is taken.
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

// Transfer sleeps until it has one lock and tries the other one. When that is taken, it gives back the one it has and
// sleeps on the one that was missing.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	first, second := from, to
	for {
		one, err := lock(dir, first, syscall.LOCK_EX)
		if err != nil {
			return err
		}
		two, err := lock(dir, second, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			defer one.Close()
			defer two.Close()
			break
		}
		one.Close()
		if err != syscall.EWOULDBLOCK {
			return err
		}
		first, second = second, first
	}
	inside()
	return move(dir, from, to, amount)
}

func lock(dir, name string, how int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "."+name), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if err != syscall.EINTR {
			f.Close()
			return nil, err
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

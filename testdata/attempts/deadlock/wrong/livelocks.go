// Package deadlock tries both locks again and again without a pause.
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
	for {
		one, err := try(dir, from)
		if err == nil {
			two, err := try(dir, to)
			if err == nil {
				defer one.Close()
				defer two.Close()
				break
			}
			one.Close()
		}
	}
	inside()
	return move(dir, from, to, amount)
}

// try takes the account's lock if it is free.
func try(dir, name string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, name+".lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
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

// Package deadlock keeps the first lock and looks again and again for the second one.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Transfer moves amount from one account to another one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	unlock, err := lock(dir, from)
	if err != nil {
		return err
	}
	defer unlock()
	two, err := try(dir, to)
	for err == syscall.EWOULDBLOCK {
		time.Sleep(100 * time.Millisecond)
		two, err = try(dir, to)
	}
	if err != nil {
		return err
	}
	defer two.Close()
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

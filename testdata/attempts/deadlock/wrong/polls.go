// Package deadlock waits by looking again.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
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

// lock makes a folder, which only one process can do, and looks again every 50 ms until it is its own.
func lock(dir, name string) (unlock func(), err error) {
	path := filepath.Join(dir, name+".lock")
	for {
		err := os.Mkdir(path, 0o755)
		if err == nil {
			return func() { os.Remove(path) }, nil
		}
		if !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		time.Sleep(50 * time.Millisecond)
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

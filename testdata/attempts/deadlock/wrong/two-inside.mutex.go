// Package deadlock has locks that no other process sees.
package deadlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// Transfer moves amount from one account to another one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	if from == to {
		return nil
	}
	for _, name := range []string{min(from, to), max(from, to)} {
		lock, _ := locks.LoadOrStore(filepath.Join(dir, name), new(sync.Mutex))
		lock.(*sync.Mutex).Lock()
		defer lock.(*sync.Mutex).Unlock()
	}
	inside()
	return move(dir, from, to, amount)
}

// locks has a *sync.Mutex for every account.
var locks sync.Map

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

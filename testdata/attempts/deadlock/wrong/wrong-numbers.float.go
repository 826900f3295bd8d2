// Package deadlock counts in floating point, which has no room for nineteen digits.
package deadlock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Transfer moves amount from one account to another one. Each account's file is its lock, too.
//
// All processes lock in the order of the names, whichever way the money goes. So whoever waits holds only locks
// that come earlier than the one it waits for, and a circle of waiting processes cannot come about.
func Transfer(dir, from, to string, amount int, inside func()) error {
	files := map[string]*os.File{}
	for _, name := range slices.Compact([]string{min(from, to), max(from, to)}) {
		f, err := locked(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer f.Close() // gives the lock back
		files[name] = f
	}
	inside()
	if from == to {
		return nil
	}
	giver, err := read(files[from])
	if err != nil {
		return err
	}
	receiver, err := read(files[to])
	if err != nil {
		return err
	}
	if giver < amount {
		return fmt.Errorf("transfer: %s has %d, which is less than %d", from, giver, amount)
	}
	return errors.Join(write(files[from], giver-amount), write(files[to], receiver+amount))
}

// locked opens an account, and sleeps until it has the lock.
func locked(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			return f, nil
		}
		if err != syscall.EINTR {
			f.Close()
			return nil, fmt.Errorf("flock %s: %w", name, err)
		}
	}
}

func read(f *os.File) (int, error) {
	text, err := io.ReadAll(f)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	return int(n), err
}

// write replaces the number in place: a new file under the old name would not be the one that others wait for.
func write(f *os.File, n int) error {
	text := fmt.Appendln(nil, n)
	if _, err := f.WriteAt(text, 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(text)))
}

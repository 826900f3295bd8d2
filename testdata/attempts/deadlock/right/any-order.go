// Package deadlock keeps the changes in a map: both are written while both locks are held, in an order that is another one each time.
package deadlock

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Transfer moves amount from one account to another one.
func Transfer(dir, from, to string, amount int, inside func()) error {
	files := map[string]*os.File{}
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for _, name := range []string{min(from, to), max(from, to)} {
		if files[name] != nil {
			continue
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		files[name] = f
		if err := lock(f); err != nil {
			return err
		}
	}
	inside()
	if from == to {
		return nil
	}
	balances := map[string]int{from: -amount, to: amount}
	for name := range balances {
		text, err := io.ReadAll(files[name])
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return err
		}
		balances[name] += n
	}
	if balances[from] < 0 {
		return fmt.Errorf("%s has not got %d", from, amount)
	}
	for name, n := range balances {
		text := fmt.Sprintln(n)
		if _, err := files[name].WriteAt([]byte(text), 0); err != nil {
			return err
		}
		if err := files[name].Truncate(int64(len(text))); err != nil {
			return err
		}
	}
	return nil
}

func lock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
			return err
		}
	}
}

// Package deadlock locks the files of the accounts in the order of their inode numbers.
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

func Transfer(dir, from, to string, amount int, inside func()) error {
	a, err := os.OpenFile(filepath.Join(dir, from), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer a.Close()
	if from == to {
		return nil
	}
	b, err := os.OpenFile(filepath.Join(dir, to), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer b.Close()
	var sa, sb syscall.Stat_t
	if err := errors.Join(syscall.Fstat(int(a.Fd()), &sa), syscall.Fstat(int(b.Fd()), &sb)); err != nil {
		return err
	}
	x, y := a, b
	if sb.Ino < sa.Ino {
		x, y = b, a
	}
	if err := errors.Join(flock(x, syscall.LOCK_EX), flock(y, syscall.LOCK_EX)); err != nil {
		return err
	}
	inside()
	n, err := get(a)
	if err != nil {
		return err
	}
	m, err := get(b)
	if err != nil {
		return err
	}
	if n < amount {
		return errors.New("poor")
	}
	if err := set(a, n-amount); err != nil {
		return err
	}
	return set(b, m+amount)
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err != syscall.EINTR {
			return err
		}
	}
}

func get(f *os.File) (int, error) {
	var buf [64]byte
	n, _ := f.ReadAt(buf[:], 0)
	return strconv.Atoi(strings.TrimSuffix(string(buf[:n]), "\n"))
}

func set(f *os.File, n int) error {
	s := fmt.Sprintf("%d\n", n)
	if _, err := f.WriteAt([]byte(s), 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(s)))
}

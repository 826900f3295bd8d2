// The lock's file itself holds the note: nothing while it is free, a word for the owner, and the old numbers during a move.

package abandonedlock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

type Lock struct {
	begun bool
	path  string
	file  *os.File
	was   string // what the last owner has left in the file
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() (abandoned bool, err error) {
	if l.file, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return false, err
	}
	err = flock(l.file, syscall.LOCK_EX)
	if err != nil {
		return false, errors.Join(err, l.file.Close())
	}
	text, err := io.ReadAll(l.file)
	if l.was = string(text); err != nil || l.was != "" {
		return err == nil, err
	}
	return false, l.set("held")
}

func (l *Lock) Release() error {
	return errors.Join(l.file.Truncate(0), flock(l.file, syscall.LOCK_UN), l.file.Close())
}

// set writes one line of always the same length, in one call of pwrite(2), so a process is killed before or after it.
func (l *Lock) set(text string) error {
	_, err := l.file.WriteAt(fmt.Appendf(nil, "%-60s\n", text), 0)
	return err
}

func flock(file *os.File, how int) error {
	for {
		if err := syscall.Flock(int(file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

func Move(dir string, amount int, between func()) error {
	return inside(dir, func(lock *Lock) error {
		from, err := read(dir, "from")
		if err != nil {
			return err
		}
		to, err := read(dir, "to")
		if err != nil {
			return err
		}
		if err := lock.set(fmt.Sprint("was ", from, " ", to)); err != nil {
			return err
		}
		lock.begun = true
		if err := write(dir, "from", from-amount); err != nil {
			return err
		}
		between()
		return write(dir, "to", to+amount)
	})
}

func Repair(dir string) error { return inside(dir, func(*Lock) error { return nil }) }

func inside(dir string, work func(*Lock) error) error {
	lock := New(filepath.Join(dir, "lock"))
	if _, err := lock.Acquire(); err != nil {
		return err
	}
	var from, to int
	if n, _ := fmt.Sscanf(lock.was, "was %d %d", &from, &to); n == 2 {
		err := errors.Join(write(dir, "from", from), write(dir, "to", to))
		if err == nil {
			err = lock.set("held")
		}
		if err != nil {
			return errors.Join(err, lock.file.Close())
		}
	}
	err := work(lock)
	if err != nil && lock.begun {
		return errors.Join(err, lock.file.Close()) // the next one undoes it
	}
	return errors.Join(err, lock.Release())
}

func read(dir, name string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func write(dir, name string, number int) error {
	return os.WriteFile(filepath.Join(dir, name), fmt.Appendln(nil, number), 0o600)
}

// Does not look whether the first file could be written.
package abandonedlock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

type Lock struct {
	path string
	file *os.File
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() (abandoned bool, err error) {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	if err = flock(file, syscall.LOCK_EX); err == nil {
		abandoned, err = mark(file)
	}
	if err != nil {
		file.Close()
		return false, err
	}
	l.file = file
	return abandoned, nil
}

func mark(file *os.File) (already bool, err error) {
	info, err := file.Stat()
	if err != nil || info.Size() > 0 {
		return err == nil, err
	}
	_, err = file.WriteString("held\n")
	return false, err
}

func (l *Lock) Release() error {
	if l.file == nil {
		return errors.New("abandoned-lock: release: not the owner")
	}
	if err := l.file.Truncate(0); err != nil {
		return errors.Join(err, l.abandon())
	}
	return l.abandon()
}

func (l *Lock) abandon() error {
	file := l.file
	l.file = nil
	return errors.Join(flock(file, syscall.LOCK_UN), file.Close())
}

func flock(file *os.File, how int) error {
	for {
		if err := syscall.Flock(int(file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

func Move(dir string, amount int, between func()) error {
	return inside(dir, func() error {
		from, err := read(dir, "from")
		if err != nil {
			return err
		}
		to, err := read(dir, "to")
		if err != nil {
			return err
		}
		if err := note(dir, from, to); err != nil {
			return err
		}
		write(dir, "from", from-amount)
		between()
		if err := write(dir, "to", to+amount); err != nil {
			return err
		}
		return os.Remove(filepath.Join(dir, "undo"))
	})
}

func Repair(dir string) error { return inside(dir, func() error { return nil }) }

func inside(dir string, work func() error) error {
	lock := New(filepath.Join(dir, "lock"))
	abandoned, err := lock.Acquire()
	if err != nil {
		return err
	}
	if abandoned {
		if err := undo(dir); err != nil {
			return errors.Join(err, lock.abandon())
		}
	}
	if err := work(); err != nil {
		if undone := undo(dir); undone != nil {
			return errors.Join(err, undone, lock.abandon())
		}
		return errors.Join(err, lock.Release())
	}
	return lock.Release()
}

func note(dir string, from, to int) error {
	draft := filepath.Join(dir, "undo.new")
	if err := os.WriteFile(draft, fmt.Appendln(nil, from, to), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(dir, "undo"))
}

func undo(dir string) error {
	path := filepath.Join(dir, "undo")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var from, to int
	if _, err := fmt.Sscan(string(text), &from, &to); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := errors.Join(write(dir, "from", from), write(dir, "to", to)); err != nil {
		return err
	}
	return os.Remove(path)
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

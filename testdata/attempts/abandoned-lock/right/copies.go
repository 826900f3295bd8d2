// The note is a folder with copies of both files; it appears by rename, and goes away by rename.

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
	if err := flock(file, syscall.LOCK_EX); err != nil {
		file.Close()
		return false, err
	}
	l.file = file
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	_, err = file.WriteAt([]byte("held\n"), 0)
	return info.Size() > 0, err
}

func (l *Lock) Release() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	return errors.Join(flock(l.file, syscall.LOCK_UN), l.file.Close())
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
		if err := note(dir); err != nil {
			return err
		}
		if err := write(dir, "from", from-amount); err != nil {
			return err
		}
		between()
		if err := write(dir, "to", to+amount); err != nil {
			return err
		}
		return os.Rename(filepath.Join(dir, "copies"), filepath.Join(dir, "old"))
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
		err = undo(dir)
	}
	if err == nil {
		err = work()
	}
	if err != nil {
		if undone := undo(dir); undone != nil {
			return errors.Join(err, undone, lock.file.Close()) // without Release: the next one is told
		}
	}
	return errors.Join(err, lock.Release())
}

func note(dir string) error {
	draft := filepath.Join(dir, "draft")
	if err := errors.Join(os.RemoveAll(draft), os.RemoveAll(filepath.Join(dir, "old")), os.Mkdir(draft, 0o700)); err != nil {
		return err
	}
	for _, name := range []string{"from", "to"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(draft, name), text, 0o600); err != nil {
			return err
		}
	}
	return os.Rename(draft, filepath.Join(dir, "copies"))
}

// undo moves the copies back; one that is not there has been moved back already.
func undo(dir string) error {
	copies := filepath.Join(dir, "copies")
	for _, name := range []string{"from", "to"} {
		err := os.Rename(filepath.Join(copies, name), filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.RemoveAll(copies)
}

func read(dir, name string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func write(dir, name string, number int) error {
	draft := filepath.Join(dir, name+".new")
	if err := os.WriteFile(draft, fmt.Appendln(nil, number), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(dir, name))
}

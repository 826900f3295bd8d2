// Makes the draft of the note with O_EXCL: one that was killed before its rename has left it there, and no Move works any more.

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

// Lock is a lock between processes. The owner is a process whose Acquire has returned, until it calls Release.
type Lock struct {
	path string
	file *os.File // nil while this process is not the owner
}

// New describes the lock at this path. It takes nothing.
func New(path string) *Lock { return &Lock{path: path} }

// Acquire makes this process the owner, and says whether the last one ended without Release.
//
// When a process ends, the kernel takes its lock away and leaves the file as it is. So the owner writes a mark into
// the file, and Release removes it: a mark that the next owner finds was left by one that ended inside. Both
// happen while the lock is held, and so a process that only waits leaves nothing.
func (l *Lock) Acquire() (abandoned bool, err error) {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600) // close-on-exec: no child gets it
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

// mark marks the file, and says whether it was marked already.
func mark(file *os.File) (already bool, err error) {
	info, err := file.Stat()
	if err != nil || info.Size() > 0 {
		return err == nil, err
	}
	_, err = file.WriteString("held\n")
	return false, err
}

// Release says that all is in order, and then frees the lock. The next owner is told nothing.
func (l *Lock) Release() error {
	if l.file == nil {
		return errors.New("abandoned-lock: release: not the owner")
	}
	if err := l.file.Truncate(0); err != nil {
		return errors.Join(err, l.abandon())
	}
	return l.abandon()
}

// abandon frees the lock and leaves the mark: the next owner is told. The lock is given back by LOCK_UN, since a
// child that is just being started has a copy of the descriptor until its exec.
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

// Move takes amount from the number in dir/from and adds it to the one in dir/to, and calls between in the middle.
//
// Before the first change it notes both old numbers; the last thing that it does is to remove the note. While there is a note,
// the move can be undone from it: after an error here, after a kill or a panic by the next owner.
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
		if err := write(dir, "from", from-amount); err != nil {
			return err
		}
		between()
		if err := write(dir, "to", to+amount); err != nil {
			return err
		}
		return os.Remove(filepath.Join(dir, "undo"))
	})
}

// Repair undoes a move that was left half-done.
func Repair(dir string) error { return inside(dir, func() error { return nil }) }

// inside does the work as the owner of dir/lock, after what was left half-done is undone. Work that fails is undone,
// too. What cannot be undone now is left to the next owner, who is told.
//
// Nothing is deferred here: a panic in the work is to end with the lock abandoned, and not with a clean Release.
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

// note makes the note by rename: it is there whole, or not at all.
func note(dir string, from, to int) error {
	draft := filepath.Join(dir, "undo.new")
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	f.Write(fmt.Appendln(nil, from, to))
	f.Close()
	return os.Rename(draft, filepath.Join(dir, "undo"))
}

// undo writes the noted numbers back. It may itself be cut off at any point and done again: the numbers are what they
// were, however often they are written, and the note goes last. Without a note there is nothing to undo.
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

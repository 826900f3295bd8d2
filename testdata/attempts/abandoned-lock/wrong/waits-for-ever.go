// A mutex in shared memory (futex(2)), as in Python: the word stays 1 when the owner is killed, and nobody wakes a waiter.

package abandonedlock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Lock struct {
	path string
	word *uint32 // 0 free, 1 taken
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() (abandoned bool, err error) {
	if l.word == nil {
		file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return false, err
		}
		defer file.Close()
		if err := file.Truncate(4); err != nil {
			return false, err
		}
		memory, err := unix.Mmap(int(file.Fd()), 0, 4, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return false, err
		}
		l.word = (*uint32)(unsafe.Pointer(&memory[0]))
	}
	for !atomic.CompareAndSwapUint32(l.word, 0, 1) {
		const wait = 0 // FUTEX_WAIT
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(l.word)), wait, 1, 0, 0, 0)
	}
	return false, nil
}

func (l *Lock) Release() error {
	atomic.StoreUint32(l.word, 0)
	const wake = 1 // FUTEX_WAKE
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(l.word)), wake, 1, 0, 0, 0)
	return nil
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
		if err := write(dir, "from", from-amount); err != nil {
			return err
		}
		between()
		if err := write(dir, "to", to+amount); err != nil {
			return err
		}
		return os.Remove(filepath.Join(dir, "note"))
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
	return errors.Join(err, lock.Release())
}

func note(dir string, from, to int) error {
	draft := filepath.Join(dir, "draft")
	if err := os.WriteFile(draft, fmt.Appendln(nil, from, to), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(dir, "note"))
}

func undo(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "note"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var from, to int
	if _, err := fmt.Sscan(string(text), &from, &to); err != nil {
		return err
	}
	if err := errors.Join(write(dir, "from", from), write(dir, "to", to)); err != nil {
		return err
	}
	return os.Remove(filepath.Join(dir, "note"))
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

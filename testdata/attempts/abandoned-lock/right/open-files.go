// Move has both files open from its beginning to its end; the note is in the lock's file, with a checksum, and owners are counted there.

package abandonedlock

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The lock file: 8 bytes of owners counted in, 8 bytes of owners counted out; 64: a note of 28 bytes.
type Lock struct {
	path string
	f    *os.File
	in   uint64
}

func New(path string) *Lock { return &Lock{path: path} }

func at(f *os.File, off int64) (uint64, error) {
	var b [8]byte
	n, err := f.ReadAt(b[:], off)
	if n == 0 {
		return 0, nil
	}
	if n < 8 {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

func to(f *os.File, off int64, v uint64) error {
	_, err := f.WriteAt(binary.LittleEndian.AppendUint64(nil, v), off)
	return err
}

func (l *Lock) Acquire() (bool, error) {
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return false, err
	}
	for {
		err = unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK})
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return false, err
	}
	in, err1 := at(f, 0)
	out, err2 := at(f, 8)
	err3 := to(f, 0, in+1)
	if err := errors.Join(err1, err2, err3); err != nil {
		f.Close()
		return false, err
	}
	l.f, l.in = f, in+1
	return in != out, nil
}

func (l *Lock) Release() error {
	err := to(l.f, 8, l.in)
	return errors.Join(err, l.leave())
}

func (l *Lock) leave() error {
	f := l.f
	l.f = nil
	return f.Close()
}

func (l *Lock) note(from, to int) error {
	b := binary.LittleEndian.AppendUint64([]byte{}, uint64(from))
	b = binary.LittleEndian.AppendUint64(b, uint64(to))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	_, err := l.f.WriteAt(b, 64)
	return err
}

func (l *Lock) noted() (from, to int, ok bool) {
	var b [20]byte
	if n, _ := l.f.ReadAt(b[:], 64); n < 20 {
		return 0, 0, false
	}
	if crc32.ChecksumIEEE(b[:16]) != binary.LittleEndian.Uint32(b[16:]) {
		return 0, 0, false
	}
	return int(binary.LittleEndian.Uint64(b[:])), int(binary.LittleEndian.Uint64(b[8:])), true
}

func (l *Lock) forget() error {
	return l.f.Truncate(16)
}

type pair struct{ from, to *os.File }

func open(dir string) (p pair, err error) {
	if p.from, err = os.OpenFile(filepath.Join(dir, "from"), os.O_RDWR, 0); err != nil {
		return
	}
	if p.to, err = os.OpenFile(filepath.Join(dir, "to"), os.O_RDWR, 0); err != nil {
		p.from.Close()
	}
	return
}

func (p pair) close() { p.from.Close(); p.to.Close() }

func get(f *os.File) (int, error) {
	var b [64]byte
	n, _ := f.ReadAt(b[:], 0)
	return strconv.Atoi(strings.TrimSuffix(string(b[:n]), "\n"))
}

func set(f *os.File, n int) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(n)+"\n"), 0)
	return err
}

func (l *Lock) fix(dir string) error {
	a, b, ok := l.noted()
	if !ok {
		return nil
	}
	p, err := open(dir)
	if err != nil {
		return err
	}
	defer p.close()
	if err := errors.Join(set(p.from, a), set(p.to, b)); err != nil {
		return err
	}
	return l.forget()
}

func Move(dir string, amount int, between func()) error {
	l := New(filepath.Join(dir, "lock"))
	if _, err := l.Acquire(); err != nil {
		return err
	}
	defer func() {
		if l.f != nil {
			l.leave()
		}
	}()
	if err := l.fix(dir); err != nil {
		return err
	}
	p, err := open(dir)
	if err != nil {
		return errors.Join(err, l.Release())
	}
	defer p.close()
	a, err1 := get(p.from)
	b, err2 := get(p.to)
	if err := errors.Join(err1, err2); err != nil {
		return errors.Join(err, l.Release())
	}
	if err := l.note(a-amount, b+amount); err != nil {
		return err
	}
	back := func(err error) error {
		// from now on it is to be undone
		if l.note(a, b) == nil && l.fix(dir) == nil {
			l.Release()
		}
		return err
	}
	if err := set(p.from, a-amount); err != nil {
		return back(err)
	}
	between()
	if err := set(p.to, b+amount); err != nil {
		return back(err)
	}
	if err := l.forget(); err != nil {
		return err
	}
	return l.Release()
}

func Repair(dir string) error {
	l := New(filepath.Join(dir, "lock"))
	if _, err := l.Acquire(); err != nil {
		return err
	}
	if err := l.fix(dir); err != nil {
		l.leave()
		return err
	}
	return l.Release()
}

// Goes on waiting after one signal, and not after a second.

package producerconsumer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

const (
	data = iota
	items
	room
	idle
	ended
	count
)

type Buffer struct {
	mu    *sync.Mutex
	files []*os.File
	fd    [count]int
}

// one lock for all Buffers of the process: a POSIX lock is the process's.
var mu sync.Mutex

type state struct{ Places, Head, Length, Undone, Ended int64 }

func New(places int) (b *Buffer, err error) {
	if places <= 0 {
		return nil, fmt.Errorf("%d places", places)
	}
	var files []*os.File
	defer func() {
		if err != nil {
			for _, f := range files {
				f.Close()
			}
		}
	}()
	fd, err := unix.MemfdCreate("items", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	files = append(files, os.NewFile(uintptr(fd), "items"))
	for _, n := range []uint{0, 1, 1, 0} {
		fd, err := unix.Eventfd(n, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
		if err != nil {
			return nil, err
		}
		files = append(files, os.NewFile(uintptr(fd), "flag"))
	}
	if b, err = Open(files); err != nil {
		return nil, err
	}
	return b, b.store(state{Places: int64(places)})
}

func Open(files []*os.File) (*Buffer, error) {
	if len(files) != count {
		return nil, fmt.Errorf("%d files", len(files))
	}
	b := &Buffer{mu: &mu, files: files}
	for i, f := range files {
		c, err := f.SyscallConn()
		if err != nil {
			return nil, err
		}
		if err := c.Control(func(fd uintptr) { b.fd[i] = int(fd); unix.CloseOnExec(int(fd)) }); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *Buffer) Files() []*os.File { return append([]*os.File(nil), b.files...) }

func (b *Buffer) store(s state) error {
	return binary.Write(io.NewOffsetWriter(b.files[data], 0), binary.NativeEndian, s)
}

func (b *Buffer) with(f func(s *state) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer runtime.KeepAlive(b)
	if err := b.record(unix.F_WRLCK); err != nil {
		return err
	}
	defer b.record(unix.F_UNLCK)
	var s state
	if err := binary.Read(io.NewSectionReader(b.files[data], 0, 40), binary.NativeEndian, &s); err != nil {
		return err
	}
	old := s
	if err := f(&s); err != nil {
		return err
	}
	if s == old {
		return nil
	}
	if err := b.store(s); err != nil {
		return err
	}
	b.flag(items, s.Length > 0)
	b.flag(room, s.Length < s.Places)
	b.flag(idle, s.Undone == 0)
	b.flag(ended, s.Ended != 0)
	return nil
}

func (b *Buffer) record(kind int16) error {
	for {
		err := unix.FcntlFlock(uintptr(b.fd[data]), unix.F_SETLKW, &unix.Flock_t{Type: kind, Whence: 0, Start: 0, Len: 1})
		if err != unix.EINTR {
			return err
		}
	}
	return nil
}

func (b *Buffer) flag(which int, up bool) {
	p := []unix.PollFd{{Fd: int32(b.fd[which]), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(p, 0)
		if err == unix.EINTR {
			continue
		}
		buf := make([]byte, 8)
		switch {
		case n == 1 && !up:
			unix.Read(b.fd[which], buf)
		case n == 0 && up:
			binary.NativeEndian.PutUint64(buf, 1)
			unix.Write(b.fd[which], buf)
		}
		return
	}
}

func (b *Buffer) wait(which ...int) error {
	var p []unix.PollFd
	for _, w := range which {
		p = append(p, unix.PollFd{Fd: int32(b.fd[w]), Events: unix.POLLIN})
	}
	if _, err := unix.Ppoll(p, nil, nil); err == unix.EINTR {
		if _, err := unix.Ppoll(p, nil, nil); err == unix.EINTR {
			return err
		}
	}
	return nil
}

var errWait = errors.New("wait")

func (b *Buffer) Put(item string) error {
	if len(item) > 1000 {
		return errors.New("longer than 1000 bytes")
	}
	for {
		err := b.with(func(s *state) error {
			if s.Ended != 0 {
				return ErrEnded
			}
			if s.Length == s.Places {
				return errWait
			}
			rec := append([]byte{byte(len(item)), byte(len(item) >> 8)}, item...)
			if _, err := b.files[data].WriteAt(rec, 64+(s.Head+s.Length)%s.Places*1002); err != nil {
				return err
			}
			s.Length++
			s.Undone++
			return nil
		})
		if err != errWait {
			return err
		}
		if err := b.wait(ended, room); err != nil {
			return err
		}
	}
}

func (b *Buffer) Get() (item string, err error) {
	for {
		err = b.with(func(s *state) error {
			if s.Length == 0 {
				if s.Ended != 0 {
					return ErrEnded
				}
				return errWait
			}
			rec := make([]byte, 1002)
			n, err := b.files[data].ReadAt(rec, 64+s.Head*1002)
			if err != nil && err != io.EOF {
				return err
			}
			l := int(rec[0]) | int(rec[1])<<8
			if n < 2+l {
				return io.ErrUnexpectedEOF
			}
			item = string(rec[2 : 2+l])
			s.Head = (s.Head + 1) % s.Places
			s.Length--
			return nil
		})
		if err != errWait {
			return item, err
		}
		if err := b.wait(items, ended); err != nil {
			return "", err
		}
	}
}

func (b *Buffer) Done() error {
	return b.with(func(s *state) error {
		if s.Undone == 0 {
			return errors.New("nothing is left to be done")
		}
		s.Undone--
		return nil
	})
}

func (b *Buffer) Join() error {
	for {
		err := b.with(func(s *state) error {
			if s.Undone != 0 {
				return errWait
			}
			return nil
		})
		if err != errWait {
			return err
		}
		if err := b.wait(idle); err != nil {
			return err
		}
	}
}

func (b *Buffer) End() error {
	return b.with(func(s *state) error { s.Ended = 1; return nil })
}

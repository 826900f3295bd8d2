// The state is a message in a pipe: who has read it may change it, and writes it back. Who waits leaves that to the runtime's epoll.

package producerconsumer

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

// Buffer: pairs of token, items, room, idle; then the places.
type Buffer struct {
	files []*os.File
	conn  []syscall.RawConn
}

type state struct {
	Places, Head, Length, Undone int
	Ended                        bool
}

const (
	token = iota * 2
	items
	room
	idle
	places
)

func New(n int) (*Buffer, error) {
	if n < 1 {
		return nil, errors.New("no place")
	}
	var files []*os.File
	fail := func(err error) (*Buffer, error) {
		for _, f := range files {
			f.Close()
		}
		return nil, err
	}
	for range 4 {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
			return fail(err)
		}
		files = append(files, os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w"))
	}
	fd, err := unix.Open("/dev/shm", unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		if fd, err = unix.MemfdCreate("places", unix.MFD_CLOEXEC); err != nil {
			return fail(err)
		}
	}
	files = append(files, os.NewFile(uintptr(fd), "places"))
	b, err := Open(files)
	if err != nil {
		return fail(err)
	}
	b.raise(room)
	b.raise(idle)
	b.give(state{Places: n})
	return b, nil
}

func Open(files []*os.File) (*Buffer, error) {
	if len(files) != places+1 {
		return nil, fmt.Errorf("%d files", len(files))
	}
	b := &Buffer{files: make([]*os.File, len(files))}
	for i, f := range files {
		c, err := f.SyscallConn()
		if err != nil {
			return nil, err
		}
		// A copy that the runtime knows to be non-blocking; the one that was handed in is closed.
		c.Control(func(fd uintptr) {
			var d int
			if d, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err == nil {
				b.files[i] = os.NewFile(uintptr(d), f.Name())
			}
		})
		if err != nil {
			return nil, err
		}
		f.Close()
		if c, err = b.files[i].SyscallConn(); err != nil {
			return nil, err
		}
		b.conn = append(b.conn, c)
	}
	return b, nil
}

func (b *Buffer) Files() []*os.File { return b.files }

func (b *Buffer) take() (s state) {
	buf := make([]byte, 4096)
	n, err := b.files[token].Read(buf)
	if err != nil {
		panic(err)
	}
	if err := gob.NewDecoder(bytes.NewReader(buf[:n])).Decode(&s); err != nil {
		panic(err)
	}
	return s
}

func (b *Buffer) give(s state) {
	var buf bytes.Buffer
	gob.NewEncoder(&buf).Encode(s)
	b.files[token+1].Write(buf.Bytes())
}

func (b *Buffer) raise(flag int) { b.files[flag+1].Write([]byte{1}) }

func (b *Buffer) lower(flag int) { b.files[flag].Read(make([]byte, 1)) }

// wait comes back when the flag is up, and leaves it so.
func (b *Buffer) wait(flag int) {
	b.conn[flag].Read(func(fd uintptr) bool {
		for {
			p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
			if n, err := unix.Poll(p, 0); err != unix.EINTR {
				return n > 0
			}
		}
	})
}

func (b *Buffer) Put(item string) error {
	if len(item) > 1000 {
		return errors.New("too long")
	}
	for {
		b.wait(room)
		s := b.take()
		if s.Ended {
			b.give(s)
			return ErrEnded
		}
		if s.Length == s.Places {
			b.give(s)
			continue
		}
		rec := fmt.Sprintf("%4d%s", len(item), item)
		b.files[places].WriteAt([]byte(rec), int64((s.Head+s.Length)%s.Places)*1004)
		s.Length++
		if s.Length == 1 {
			b.raise(items)
		}
		if s.Length == s.Places {
			b.lower(room)
		}
		if s.Undone++; s.Undone == 1 {
			b.lower(idle)
		}
		b.give(s)
		return nil
	}
}

func (b *Buffer) Get() (string, error) {
	for {
		b.wait(items)
		s := b.take()
		if s.Length == 0 {
			b.give(s)
			if s.Ended {
				return "", ErrEnded
			}
			continue
		}
		rec := make([]byte, 1004)
		b.files[places].ReadAt(rec, int64(s.Head)*1004)
		var l int
		fmt.Sscan(string(rec[:4]), &l)
		if s.Length == s.Places && !s.Ended {
			b.raise(room)
		}
		s.Head = (s.Head + 1) % s.Places
		if s.Length--; s.Length == 0 && !s.Ended {
			b.lower(items)
		}
		b.give(s)
		return string(rec[4 : 4+l]), nil
	}
}

func (b *Buffer) Done() (err error) {
	s := b.take()
	switch s.Undone {
	case 0:
		err = errors.New("all are done")
	case 1:
		b.raise(idle)
		fallthrough
	default:
		s.Undone--
	}
	b.give(s)
	return err
}

func (b *Buffer) Join() error {
	for {
		b.wait(idle)
		s := b.take()
		b.give(s)
		if s.Undone == 0 {
			return nil
		}
	}
}

// End raises both flags for good.
func (b *Buffer) End() error {
	s := b.take()
	if !s.Ended {
		if s.Length == 0 {
			b.raise(items)
		}
		if s.Length == s.Places {
			b.raise(room)
		}
		s.Ended = true
	}
	b.give(s)
	return nil
}

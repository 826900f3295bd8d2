// A pipe of records of one length, which the kernel writes whole, and POSIX locks, which belong to the process.

package queue

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Queue struct {
	r, w, locks *os.File
	puts, gets  sync.Mutex
}

const (
	record = 4096 // PIPE_BUF
	header = 16   // what is missing of the item, this record's part included, and whether it is the first
)

func New() (*Queue, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	fd, err := unix.MemfdCreate("locks", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return &Queue{r: r, w: w, locks: os.NewFile(uintptr(fd), "locks")}, nil
}

func Open(files []*os.File) (*Queue, error) {
	for _, f := range files {
		syscall.CloseOnExec(int(f.Fd()))
	}
	return &Queue{r: files[0], w: files[1], locks: files[2]}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.r, q.w, q.locks} }

func (q *Queue) lock(kind int16, at int64) error {
	for {
		l := syscall.Flock_t{Type: kind, Start: at, Len: 1}
		if err := syscall.FcntlFlock(q.locks.Fd(), syscall.F_SETLKW, &l); err != syscall.EINTR {
			return err
		}
	}
}

func (q *Queue) Put(item []byte) error {
	q.puts.Lock()
	defer q.puts.Unlock()
	if err := q.lock(syscall.F_WRLCK, 0); err != nil {
		return err
	}
	defer q.lock(syscall.F_UNLCK, 0)
	for first := uint64(1); ; first = 0 {
		r := make([]byte, record)
		binary.LittleEndian.PutUint64(r, uint64(len(item)))
		binary.LittleEndian.PutUint64(r[8:], first)
		item = item[copy(r[header:], item):]
		if _, err := q.w.Write(r); err != nil {
			return err
		}
		if len(item) == 0 {
			return nil
		}
	}
}

func (q *Queue) Get() ([]byte, error) {
	q.gets.Lock()
	defer q.gets.Unlock()
	if err := q.lock(syscall.F_WRLCK, 1); err != nil {
		return nil, err
	}
	defer q.lock(syscall.F_UNLCK, 1)
	var item []byte
	begun := false
	for r := make([]byte, record); ; {
		if _, err := io.ReadFull(q.r, r); err != nil {
			return nil, err
		}
		missing := int(binary.LittleEndian.Uint64(r))
		if binary.LittleEndian.Uint64(r[8:]) == 1 {
			begun, item = true, make([]byte, 0, missing)
		}
		if !begun {
			continue // the rest of an item that somebody has begun to get
		}
		item = append(item, r[header:header+min(missing, record-header)]...)
		if len(item) == cap(item) {
			return item, nil
		}
	}
}

func (q *Queue) Close() error {
	return errors.Join(q.r.Close(), q.w.Close(), q.locks.Close())
}

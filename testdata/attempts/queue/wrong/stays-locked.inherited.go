// The description that is there for the lock is inherited by children.

package queue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

const dataStart = 4096

// Queue: a memfd with a log of items, an eventfd that is readable while it is perhaps not empty.
type Queue struct {
	mem, ev *os.File // handed down
	own     int      // this process's own description of the memfd: owner of the lock
	evfd    int
	mu      sync.Mutex
}

func New() (*Queue, error) {
	m, err := unix.MemfdCreate("queue", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	e, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		unix.Close(m)
		return nil, err
	}
	var h [16]byte
	binary.LittleEndian.PutUint64(h[0:], dataStart)
	binary.LittleEndian.PutUint64(h[8:], dataStart)
	if _, err := unix.Pwrite(m, h[:], 0); err != nil {
		unix.Close(m)
		unix.Close(e)
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(m), "memfd"), os.NewFile(uintptr(e), "eventfd")})
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 2 {
		return nil, errors.New("queue: two files wanted")
	}
	m, e := int(files[0].Fd()), int(files[1].Fd())
	unix.CloseOnExec(m)
	unix.CloseOnExec(e)
	own, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", m), unix.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &Queue{mem: files[0], ev: files[1], own: own, evfd: e}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.mem, q.ev} }

func (q *Queue) lock() error {
	q.mu.Lock()
	for {
		err := unix.FcntlFlock(uintptr(q.own), unix.F_OFD_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart})
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			q.mu.Unlock()
		}
		return err
	}
}

func (q *Queue) unlock() {
	unix.FcntlFlock(uintptr(q.own), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_UNLCK, Whence: io.SeekStart})
	q.mu.Unlock()
}

func (q *Queue) readAll(b []byte, off int64) error {
	for len(b) > 0 {
		n, err := unix.Pread(q.own, b, off)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return io.ErrUnexpectedEOF
		}
		b, off = b[n:], off+int64(n)
	}
	return nil
}

func (q *Queue) writeAll(b []byte, off int64) error {
	for len(b) > 0 {
		n, err := unix.Pwrite(q.own, b, off)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		b, off = b[n:], off+int64(n)
	}
	return nil
}

func (q *Queue) ends() (head, tail int64, err error) {
	var h [16]byte
	if err = q.readAll(h[:], 0); err != nil {
		return
	}
	return int64(binary.LittleEndian.Uint64(h[0:])), int64(binary.LittleEndian.Uint64(h[8:])), nil
}

func (q *Queue) setEnds(head, tail int64) error {
	var h [16]byte
	binary.LittleEndian.PutUint64(h[0:], uint64(head))
	binary.LittleEndian.PutUint64(h[8:], uint64(tail))
	return q.writeAll(h[:], 0)
}

func (q *Queue) Put(item []byte) error {
	if len(item) > 10<<20 {
		return errors.New("queue: item too long")
	}
	if err := q.lock(); err != nil {
		return err
	}
	defer q.unlock()
	head, tail, err := q.ends()
	if err != nil {
		return err
	}
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(len(item)))
	if err := q.writeAll(n[:], tail); err != nil {
		return err
	}
	if err := q.writeAll(item, tail+8); err != nil {
		return err
	}
	// wake first, then commit: who wakes waits for the lock
	if err := q.wake(); err != nil {
		return err
	}
	return q.setEnds(head, tail+8+int64(len(item)))
}

func (q *Queue) wake() error {
	for {
		_, err := unix.Write(q.evfd, []byte{1, 0, 0, 0, 0, 0, 0, 0})
		if err != unix.EINTR {
			return err
		}
	}
}

func (q *Queue) poll(timeout int) (bool, error) {
	for {
		p := []unix.PollFd{{Fd: int32(q.evfd), Events: unix.POLLIN}}
		n, err := unix.Poll(p, timeout)
		if err == unix.EINTR {
			continue
		}
		return n > 0, err
	}
}

// drain is called with the lock held and the queue empty.
func (q *Queue) drain() error {
	ready, err := q.poll(0)
	if err != nil || !ready {
		return err
	}
	var b [8]byte
	_, err = unix.Read(q.evfd, b[:])
	return err
}

func (q *Queue) Get() ([]byte, error) {
	for {
		item, ok, err := q.try()
		if ok || err != nil {
			return item, err
		}
		if _, err := q.poll(-1); err != nil {
			return nil, err
		}
	}
}

func (q *Queue) try() ([]byte, bool, error) {
	if err := q.lock(); err != nil {
		return nil, false, err
	}
	defer q.unlock()
	head, tail, err := q.ends()
	if err != nil {
		return nil, false, err
	}
	if head == tail {
		return nil, false, q.drain()
	}
	var n [8]byte
	if err := q.readAll(n[:], head); err != nil {
		return nil, false, err
	}
	item := make([]byte, binary.LittleEndian.Uint64(n[:]))
	if err := q.readAll(item, head+8); err != nil {
		return nil, false, err
	}
	next := head + 8 + int64(len(item))
	if next == tail {
		if err := q.setEnds(dataStart, dataStart); err != nil {
			return nil, false, err
		}
		unix.Ftruncate(q.own, dataStart)
		return item, true, q.drain()
	}
	if err := q.setEnds(next, tail); err != nil {
		return nil, false, err
	}
	from, to := (head+4095)/4096*4096, next/4096*4096
	if from < to {
		unix.Fallocate(q.own, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, from, to-from)
	}
	return item, true, nil
}

func (q *Queue) Close() error {
	return errors.Join(unix.Close(q.own), q.mem.Close(), q.ev.Close())
}

// Put adds the item and wakes nobody.

package queue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

type Queue struct {
	log, wake *os.File
	own       *os.File // the log again: a description of this Queue's own, to lock
	mutex     sync.Mutex
}

const begin = 16 // of the first item; before it stand head and tail

func New() (*Queue, error) {
	fd, err := unix.MemfdCreate("log", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	event, err := unix.Eventfd(1, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	q, err := Open([]*os.File{os.NewFile(uintptr(fd), "log"), os.NewFile(uintptr(event), "wake")})
	if err != nil {
		return nil, err
	}
	return q, q.store(begin, begin)
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 2 {
		return nil, errors.New("queue: not two files")
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", files[0].Fd()), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &Queue{log: files[0], wake: files[1], own: own}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.log, q.wake} }

func (q *Queue) lock() error {
	q.mutex.Lock()
	for {
		err := unix.Flock(int(q.own.Fd()), unix.LOCK_EX)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			q.mutex.Unlock()
		}
		return err
	}
}

func (q *Queue) unlock() {
	unix.Flock(int(q.own.Fd()), unix.LOCK_UN)
	q.mutex.Unlock()
}

func (q *Queue) load() (head, tail int64, err error) {
	b := make([]byte, 16)
	_, err = q.own.ReadAt(b, 0)
	return int64(binary.NativeEndian.Uint64(b)), int64(binary.NativeEndian.Uint64(b[8:])), err
}

func (q *Queue) store(head, tail int64) error {
	b := binary.NativeEndian.AppendUint64(nil, uint64(head))
	_, err := q.own.WriteAt(binary.NativeEndian.AppendUint64(b, uint64(tail)), 0)
	return err
}

func (q *Queue) Put(item []byte) error {
	if err := q.lock(); err != nil {
		return err
	}
	defer q.unlock()
	head, tail, err := q.load()
	if err != nil {
		return err
	}
	if _, err := q.own.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(len(item))), tail); err != nil {
		return err
	}
	if _, err := q.own.WriteAt(item, tail+8); err != nil {
		return err
	}
	return q.store(head, tail+8+int64(len(item)))
}

func (q *Queue) Get() ([]byte, error) {
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(q.wake.Fd()), Events: unix.POLLIN}}, -1)
		if err != nil && err != unix.EINTR {
			return nil, err
		}
		item, ok, err := q.take()
		if ok || err != nil {
			return item, err
		}
	}
}

func (q *Queue) take() (item []byte, ok bool, err error) {
	if err := q.lock(); err != nil {
		return nil, false, err
	}
	defer q.unlock()
	head, tail, err := q.load()
	if err != nil {
		return nil, false, err
	}
	if head == tail {
		unix.Read(int(q.wake.Fd()), make([]byte, 8)) // sleep until the next Put
		return nil, false, nil
	}
	size := make([]byte, 8)
	if _, err := q.own.ReadAt(size, head); err != nil {
		return nil, false, err
	}
	item = make([]byte, binary.NativeEndian.Uint64(size))
	if _, err := q.own.ReadAt(item, head+8); err != nil {
		return nil, false, err
	}
	if head += 8 + int64(len(item)); head == tail {
		head, tail = begin, begin
	}
	return item, true, q.store(head, tail)
}

func (q *Queue) Close() error {
	return errors.Join(q.own.Close(), q.log.Close(), q.wake.Close())
}

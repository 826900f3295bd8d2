// Putters lock the end that is for writing, getters the other one: for flock that is one pipe, and who waits for an item has it.

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
	r, w       *os.File
	putting    *os.File // the ends again: descriptions of this Queue's own, to lock
	getting    *os.File
	puts, gets sync.Mutex
}

const (
	first  = 'F'
	packet = 4096 // PIPE_BUF
)

func New() (*Queue, error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_DIRECT|unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w")})
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 2 {
		return nil, errors.New("queue: not two files")
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	getting, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", files[0].Fd()))
	if err != nil {
		return nil, err
	}
	putting, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", files[1].Fd()), os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return &Queue{r: files[0], w: files[1], putting: putting, getting: getting}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.r, q.w} }

func (q *Queue) lock(end *os.File, how int) error {
	for {
		if err := unix.Flock(int(end.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}

func (q *Queue) Put(item []byte) error {
	q.puts.Lock()
	defer q.puts.Unlock()
	if err := q.lock(q.putting, unix.LOCK_EX); err != nil {
		return err
	}
	defer q.lock(q.putting, unix.LOCK_UN)
	if _, err := q.w.Write(binary.NativeEndian.AppendUint64([]byte{first}, uint64(len(item)))); err != nil {
		return err
	}
	part := make([]byte, packet)
	for len(item) > 0 {
		n := copy(part[1:], item)
		if _, err := q.w.Write(part[:1+n]); err != nil {
			return err
		}
		item = item[n:]
	}
	return nil
}

func (q *Queue) Get() ([]byte, error) {
	q.gets.Lock()
	defer q.gets.Unlock()
	if err := q.lock(q.getting, unix.LOCK_EX); err != nil {
		return nil, err
	}
	defer q.lock(q.getting, unix.LOCK_UN)
	var item []byte
	begun, size := false, uint64(0)
	for part := make([]byte, packet); ; {
		n, err := q.r.Read(part)
		switch {
		case err != nil:
			return nil, err
		case part[0] == first:
			begun, size, item = true, binary.NativeEndian.Uint64(part[1:]), nil
		default:
			item = append(item, part[1:n]...)
		}
		if begun && uint64(len(item)) == size {
			return item, nil
		}
	}
}

func (q *Queue) Close() error {
	return errors.Join(q.putting.Close(), q.getting.Close(), q.r.Close(), q.w.Close())
}

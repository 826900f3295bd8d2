// A pipe of packets, each behind the number of its item's bytes or in it, and a lock for each end.

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
	r, w, locks *os.File
	own         *os.File // the locks again: a description of this Queue's own
	puts, gets  sync.Mutex
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
	// A packet takes a page or more, and eight items of 4096 bytes are more than the usual sixteen pages.
	if _, err := unix.FcntlInt(uintptr(p[1]), unix.F_SETPIPE_SZ, 1<<17); err != nil {
		return nil, err
	}
	fd, err := unix.MemfdCreate("locks", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w"), os.NewFile(uintptr(fd), "locks")})
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 3 {
		return nil, errors.New("queue: not three files")
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", files[2].Fd()), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &Queue{r: files[0], w: files[1], locks: files[2], own: own}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.r, q.w, q.locks} }

// lock locks one byte: 0 for those who put, 1 for those who get.
func (q *Queue) lock(kind int16, at int64) error {
	l := unix.Flock_t{Type: kind, Start: at, Len: 1}
	for {
		if err := unix.FcntlFlock(q.own.Fd(), unix.F_OFD_SETLKW, &l); err != unix.EINTR {
			return err
		}
	}
}

func (q *Queue) Put(item []byte) error {
	q.puts.Lock()
	defer q.puts.Unlock()
	if err := q.lock(unix.F_WRLCK, 0); err != nil {
		return err
	}
	defer q.lock(unix.F_UNLCK, 0)
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
	if err := q.lock(unix.F_WRLCK, 1); err != nil {
		return nil, err
	}
	defer q.lock(unix.F_UNLCK, 1)
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
	return errors.Join(q.own.Close(), q.r.Close(), q.w.Close(), q.locks.Close())
}

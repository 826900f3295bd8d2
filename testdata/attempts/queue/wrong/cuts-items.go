// The body of an item is read by one read.

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

type Queue struct {
	r, w, locks *os.File
	own         *os.File // the locks again: a description of this Queue's own
	puts, gets  sync.Mutex
}

func New() (*Queue, error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
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
	message := binary.NativeEndian.AppendUint32(nil, uint32(len(item)))
	_, err := q.w.Write(append(message, item...))
	return err
}

func (q *Queue) Get() ([]byte, error) {
	q.gets.Lock()
	defer q.gets.Unlock()
	if err := q.lock(unix.F_WRLCK, 1); err != nil {
		return nil, err
	}
	defer q.lock(unix.F_UNLCK, 1)
	size := make([]byte, 4)
	if _, err := io.ReadFull(q.r, size); err != nil {
		return nil, err
	}
	item := make([]byte, min(binary.NativeEndian.Uint32(size), 64<<20)) // behind a cut item, a size is anything
	_, err := q.r.Read(item)
	return item, err
}

func (q *Queue) Close() error {
	return errors.Join(q.own.Close(), q.r.Close(), q.w.Close(), q.locks.Close())
}

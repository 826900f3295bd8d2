// Each item lies at a place of its own in a file in memory, which nobody else ever has; a pipe carries where it lies, and how long it is.

package queue

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Items lie in a file in memory, each at an offset that nobody else ever has; what is in a pipe are tickets: offset, size.
type Queue struct {
	files    []*os.File
	r, w, fd int
	next     *atomic.Int64
	page     []byte
}

func New() (*Queue, error) {
	p := make([]int, 2)
	if err := unix.Pipe2(p, unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	fd, err := unix.MemfdCreate("items", unix.MFD_CLOEXEC)
	if err == nil {
		err = unix.Ftruncate(fd, 4096)
	}
	if err != nil {
		unix.Close(p[0])
		unix.Close(p[1])
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(fd), "items"), os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w")})
}

func Open(files []*os.File) (*Queue, error) {
	q := &Queue{files: files, fd: int(files[0].Fd()), r: int(files[1].Fd()), w: int(files[2].Fd())}
	var err error
	if q.page, err = unix.Mmap(q.fd, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return nil, err
	}
	q.next = (*atomic.Int64)(unsafe.Pointer(&q.page[0]))
	return q, nil
}

func (q *Queue) Files() []*os.File { return q.files }

func (q *Queue) Put(item []byte) error {
	room := (int64(len(item)) + 4095) &^ 4095
	at := q.next.Add(room) - room + 4096
	if _, err := q.files[0].WriteAt(item, at); err != nil && room > 0 {
		unix.Fallocate(q.fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, at, room)
		return err
	}
	ticket := binary.LittleEndian.AppendUint64(nil, uint64(at))
	ticket = binary.LittleEndian.AppendUint64(ticket, uint64(len(item)))
	for {
		if _, err := unix.Write(q.w, ticket); err != unix.EINTR {
			return os.NewSyscallError("write", err)
		}
	}
}

func (q *Queue) Get() ([]byte, error) {
	ticket := make([]byte, 16)
	for {
		_, err := unix.Read(q.r, ticket)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return nil, os.NewSyscallError("read", err)
		}
	}
	at, n := int64(binary.LittleEndian.Uint64(ticket)), int64(binary.LittleEndian.Uint64(ticket[8:]))
	item := make([]byte, n)
	if n == 0 {
		return item, nil
	}
	if _, err := q.files[0].ReadAt(item, at); err != nil {
		return nil, err
	}
	unix.Fallocate(q.fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, at, (n+4095)&^4095)
	return item, nil
}

func (q *Queue) Close() error {
	unix.Munmap(q.page)
	for _, f := range q.files {
		f.Close()
	}
	return nil
}

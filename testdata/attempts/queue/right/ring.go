// A ring in shared memory, flock on a description of the process's own, and futexes.

package queue

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const ring = 11 << 20
const size = 4096 + ring

type Queue struct {
	f   *os.File
	own int
	m   []byte
	mu  sync.Mutex
}

func (q *Queue) pos(i int) *uint64 { return (*uint64)(unsafe.Pointer(&q.m[8*i])) }     // 0 head, 1 tail: never wrapped
func (q *Queue) seq(i int) *uint32 { return (*uint32)(unsafe.Pointer(&q.m[64+64*i])) } // 0 put, 1 got

func New() (*Queue, error) {
	fd, err := unix.MemfdCreate("ring", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := unix.Ftruncate(fd, size); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(fd), "ring")})
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 1 {
		return nil, errors.New("one file wanted")
	}
	fd := int(files[0].Fd())
	syscall.CloseOnExec(fd)
	own, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	m, err := unix.Mmap(own, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		unix.Close(own)
		return nil, err
	}
	return &Queue{f: files[0], own: own, m: m}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.f} }

func (q *Queue) lock() error {
	q.mu.Lock()
	for {
		err := unix.Flock(q.own, unix.LOCK_EX)
		if err == nil {
			return nil
		}
		if err != unix.EINTR {
			q.mu.Unlock()
			return err
		}
	}
}
func (q *Queue) unlock() { unix.Flock(q.own, unix.LOCK_UN); q.mu.Unlock() }

func (q *Queue) wait(i int, v uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(q.seq(i))), 0, uintptr(v), 0, 0, 0)
}
func (q *Queue) wake(i int) {
	atomic.AddUint32(q.seq(i), 1)
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(q.seq(i))), 1, 1<<30, 0, 0, 0)
}

func (q *Queue) in(at uint64, b []byte) {
	o := at % ring
	n := copy(q.m[4096+o:], b)
	copy(q.m[4096:], b[n:])
}
func (q *Queue) out(at uint64, b []byte) {
	o := at % ring
	n := copy(b, q.m[4096+o:])
	copy(b[n:], q.m[4096:])
}

func (q *Queue) Put(item []byte) error {
	need := uint64(len(item) + 8)
	if need > ring {
		return errors.New("too long")
	}
	for {
		if err := q.lock(); err != nil {
			return err
		}
		head, tail := atomic.LoadUint64(q.pos(0)), atomic.LoadUint64(q.pos(1))
		if tail-head+need <= ring {
			var l [8]byte
			*(*uint64)(unsafe.Pointer(&l[0])) = uint64(len(item))
			q.in(tail, l[:])
			q.in(tail+8, item)
			q.wake(0)
			atomic.StoreUint64(q.pos(1), tail+need)
			q.unlock()
			return nil
		}
		v := atomic.LoadUint32(q.seq(1))
		q.unlock()
		q.wait(1, v)
	}
}

func (q *Queue) Get() ([]byte, error) {
	for {
		if err := q.lock(); err != nil {
			return nil, err
		}
		head, tail := atomic.LoadUint64(q.pos(0)), atomic.LoadUint64(q.pos(1))
		if head != tail {
			var l [8]byte
			q.out(head, l[:])
			item := make([]byte, *(*uint64)(unsafe.Pointer(&l[0])))
			q.out(head+8, item)
			q.wake(1)
			atomic.StoreUint64(q.pos(0), head+8+uint64(len(item)))
			q.unlock()
			return item, nil
		}
		v := atomic.LoadUint32(q.seq(0))
		q.unlock()
		q.wait(0, v)
	}
}

func (q *Queue) Close() error {
	return errors.Join(unix.Munmap(q.m), unix.Close(q.own), q.f.Close())
}

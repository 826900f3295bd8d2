// A Put that comes after the end is counted.

package producerconsumer

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

const slot = 1008

type shared struct {
	places, head, tail, open, zeros uint64
	ended                           uint32
	items, room, done               uint32 // futexes
}

type Buffer struct {
	f   *os.File
	own int
	mem []byte
	s   *shared
	mu  sync.Mutex
}

func New(places int) (*Buffer, error) {
	if places < 1 || places > math.MaxInt/slot-8 {
		return nil, errors.New("bad number of places")
	}
	fd, err := unix.MemfdCreate("buffer", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := unix.Ftruncate(fd, 4096+int64(places)*slot); err != nil {
		unix.Close(fd)
		return nil, err
	}
	b, err := Open([]*os.File{os.NewFile(uintptr(fd), "buffer")})
	if err != nil {
		return nil, err
	}
	b.s.places = uint64(places)
	return b, nil
}

func Open(files []*os.File) (*Buffer, error) {
	if len(files) != 1 {
		return nil, errors.New("one file wanted")
	}
	fd := int(files[0].Fd())
	unix.CloseOnExec(fd)
	own, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(own, &st); err != nil {
		return nil, err
	}
	mem, err := unix.Mmap(own, 0, int(st.Size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Buffer{f: files[0], own: own, mem: mem, s: (*shared)(unsafe.Pointer(&mem[0]))}, nil
}

func (b *Buffer) Files() []*os.File { return []*os.File{b.f} }

func (b *Buffer) lock() error {
	b.mu.Lock()
	for {
		err := unix.Flock(b.own, unix.LOCK_EX)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			b.mu.Unlock()
		}
		return err
	}
}

func (b *Buffer) unlock() {
	unix.Flock(b.own, unix.LOCK_UN)
	b.mu.Unlock()
}

// wait is called with the lock, and comes back without it.
func (b *Buffer) wait(w *uint32) {
	v := atomic.LoadUint32(w)
	b.unlock()
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(w)), 0, uintptr(v), 0, 0, 0)
}

func wake(w *uint32) {
	atomic.AddUint32(w, 1)
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(w)), 1, math.MaxInt32, 0, 0, 0)
}

func (b *Buffer) at(i uint64) []byte {
	o := 4096 + i%b.s.places*slot
	return b.mem[o : o+slot]
}

func (b *Buffer) Put(item string) error {
	if len(item) > 1000 {
		return errors.New("item too long")
	}
	for {
		if err := b.lock(); err != nil {
			return err
		}
		b.s.open++
		if b.s.ended != 0 {
			b.unlock()
			return ErrEnded
		}
		if b.s.tail-b.s.head < b.s.places {
			p := b.at(b.s.tail)
			p[0], p[1] = byte(len(item)), byte(len(item)>>8)
			copy(p[8:], item)
			b.s.tail++
			wake(&b.s.items)
			b.unlock()
			return nil
		}
		b.s.open--
		b.wait(&b.s.room)
	}
}

func (b *Buffer) Get() (string, error) {
	for {
		if err := b.lock(); err != nil {
			return "", err
		}
		if b.s.tail != b.s.head {
			p := b.at(b.s.head)
			item := string(p[8 : 8+int(p[0])+int(p[1])<<8])
			b.s.head++
			wake(&b.s.room)
			b.unlock()
			return item, nil
		}
		if b.s.ended != 0 {
			b.unlock()
			return "", ErrEnded
		}
		b.wait(&b.s.items)
	}
}

func (b *Buffer) Done() error {
	if err := b.lock(); err != nil {
		return err
	}
	defer b.unlock()
	if b.s.open == 0 {
		return errors.New("all items are done already")
	}
	b.s.open--
	if b.s.open == 0 {
		b.s.zeros++
		wake(&b.s.done)
	}
	return nil
}

func (b *Buffer) Join() error {
	first, zeros := true, uint64(0)
	for {
		if err := b.lock(); err != nil {
			return err
		}
		if first {
			first, zeros = false, b.s.zeros
		}
		if b.s.open == 0 || b.s.zeros != zeros {
			b.unlock()
			return nil
		}
		b.wait(&b.s.done)
	}
}

func (b *Buffer) End() error {
	if err := b.lock(); err != nil {
		return err
	}
	defer b.unlock()
	b.s.ended = 1
	wake(&b.s.items)
	wake(&b.s.room)
	return nil
}

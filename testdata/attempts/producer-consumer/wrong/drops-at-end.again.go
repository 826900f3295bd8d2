// A second End empties the buffer.

package producerconsumer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

type shared struct {
	lock                 uint32
	items, room, idle    uint32 // they count changes
	places, head, length uint32
	undone               uint32
	ended                uint32
}

const (
	header = 64
	slot   = 1008
)

type Buffer struct {
	file *os.File
	mem  []byte
	s    *shared
}

func New(places int) (*Buffer, error) {
	if places < 1 {
		return nil, fmt.Errorf("%d places", places)
	}
	fd, err := unix.MemfdCreate("buffer", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "buffer")
	if err := f.Truncate(int64(header + places*slot)); err != nil {
		f.Close()
		return nil, err
	}
	b, err := Open([]*os.File{f})
	if err != nil {
		return nil, err
	}
	b.s.places = uint32(places)
	return b, nil
}

func Open(files []*os.File) (*Buffer, error) {
	if len(files) != 1 {
		return nil, errors.New("one file, please")
	}
	st, err := files[0].Stat()
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(int(files[0].Fd()))
	mem, err := unix.Mmap(int(files[0].Fd()), 0, int(st.Size()), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Buffer{file: files[0], mem: mem, s: (*shared)(unsafe.Pointer(&mem[0]))}, nil
}

func (b *Buffer) Files() []*os.File { return []*os.File{b.file} }

func wait(word *uint32, value uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 0, uintptr(value), 0, 0, 0)
}

func wake(word *uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 1, 1<<30, 0, 0, 0)
}

func (b *Buffer) lock() {
	if atomic.CompareAndSwapUint32(&b.s.lock, 0, 1) {
		return
	}
	for atomic.SwapUint32(&b.s.lock, 2) != 0 {
		wait(&b.s.lock, 2)
	}
}

func (b *Buffer) unlock() {
	if atomic.SwapUint32(&b.s.lock, 0) == 2 {
		wake(&b.s.lock)
	}
}

// sleep gives the lock away until the word changes.
func (b *Buffer) sleep(word *uint32) {
	v := atomic.LoadUint32(word)
	b.unlock()
	wait(word, v)
	b.lock()
}

func changed(word *uint32) {
	atomic.AddUint32(word, 1)
	wake(word)
}

func (b *Buffer) place(i uint32) []byte {
	at := header + int(i%b.s.places)*slot
	return b.mem[at : at+slot]
}

func (b *Buffer) Put(item string) error {
	if len(item) > 1000 {
		return errors.New("too long")
	}
	b.lock()
	defer b.unlock()
	for b.s.ended == 0 && b.s.length == b.s.places {
		b.sleep(&b.s.room)
	}
	if b.s.ended != 0 {
		return ErrEnded
	}
	p := b.place(b.s.head + b.s.length)
	binary.LittleEndian.PutUint32(p, uint32(len(item)))
	copy(p[4:], item)
	b.s.length++
	b.s.undone++
	changed(&b.s.items)
	return nil
}

func (b *Buffer) Get() (string, error) {
	b.lock()
	defer b.unlock()
	for b.s.ended == 0 && b.s.length == 0 {
		b.sleep(&b.s.items)
	}
	if b.s.length == 0 {
		return "", ErrEnded
	}
	p := b.place(b.s.head)
	item := string(p[4 : 4+binary.LittleEndian.Uint32(p)])
	b.s.head = (b.s.head + 1) % b.s.places
	b.s.length--
	changed(&b.s.room)
	return item, nil
}

func (b *Buffer) Done() error {
	b.lock()
	defer b.unlock()
	if b.s.undone == 0 {
		return errors.New("all are done")
	}
	b.s.undone--
	if b.s.undone == 0 {
		changed(&b.s.idle)
	}
	return nil
}

func (b *Buffer) Join() error {
	b.lock()
	defer b.unlock()
	for since := b.s.idle; b.s.undone > 0 && b.s.idle == since; {
		b.sleep(&b.s.idle)
	}
	return nil
}

func (b *Buffer) End() error {
	b.lock()
	defer b.unlock()
	if b.s.ended == 1 {
		b.s.length = 0
	}
	b.s.ended = 1
	changed(&b.s.items)
	changed(&b.s.room)
	return nil
}

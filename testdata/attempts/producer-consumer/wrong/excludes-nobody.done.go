// Done counts without the lock, as long as no place is used for a second time.

package producerconsumer

import (
	"encoding/binary"
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

type Buffer struct {
	files  []*os.File
	own    *os.File // the memory opened once more, as a lock belongs to what was opened (flock(2))
	memory []byte
	mutex  sync.Mutex // for the goroutines of this process, which have the lock together
}

const filesEach = 1

const (
	put = iota
	taken
	done
	ended
	capacity
	room // how often there may have come to be a place, an item, or rest
	items
	rest
	numbers
)

const (
	longest = 1000
	slot    = 8 + longest // an item behind its length
)

func New(places int) (*Buffer, error) {
	if places < 1 {
		return nil, fmt.Errorf("producer-consumer: no buffer with %d places", places)
	}
	fd, err := unix.MemfdCreate("buffer", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	files := []*os.File{os.NewFile(uintptr(fd), "buffer")}
	if err := files[0].Truncate(int64(8*numbers + places*slot)); err != nil {
		return nil, err
	}
	b, err := Open(files)
	if err != nil {
		return nil, err
	}
	b.set(capacity, uint64(places))
	return b, nil
}

func Open(files []*os.File) (*Buffer, error) {
	if len(files) != filesEach {
		return nil, fmt.Errorf("producer-consumer: %d files, and not %d", len(files), filesEach)
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", files[0].Fd()), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	info, err := own.Stat()
	if err != nil {
		return nil, err
	}
	memory, err := unix.Mmap(int(own.Fd()), 0, int(info.Size()), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &Buffer{files: files, own: own, memory: memory}, nil
}

func (b *Buffer) Files() []*os.File { return b.files }

func (b *Buffer) Put(item string) error {
	if len(item) > longest {
		return fmt.Errorf("producer-consumer: an item of %d bytes", len(item))
	}
	return b.when(room, func() (bool, error) {
		switch {
		case b.get(ended) != 0:
			return false, ErrEnded
		case b.get(put)-b.get(taken) == b.get(capacity):
			return false, nil
		}
		place := b.place(b.get(put))
		binary.NativeEndian.PutUint64(place, uint64(len(item)))
		copy(place[8:], item)
		b.raise(items)
		b.set(put, b.get(put)+1)
		return true, nil
	})
}

func (b *Buffer) Get() (string, error) {
	var item string
	err := b.when(items, func() (bool, error) {
		switch {
		case b.get(put) > b.get(taken):
			place := b.place(b.get(taken))
			item = string(place[8:][:binary.NativeEndian.Uint64(place)])
			b.raise(room)
			b.set(taken, b.get(taken)+1)
			return true, nil
		case b.get(ended) != 0:
			return false, ErrEnded
		}
		return false, nil
	})
	return item, err
}

func (b *Buffer) Done() error {
	if b.get(put) <= b.get(capacity) {
		return b.count()
	}
	return b.locked(b.count)
}

func (b *Buffer) count() error {
	if b.get(done) == b.get(put) {
		return errors.New("producer-consumer: everything is done already")
	}
	b.set(done, b.get(done)+1)
	b.raise(rest)
	return nil
}

func (b *Buffer) Join() error {
	return b.when(rest, func() (bool, error) { return b.get(done) == b.get(put), nil })
}

func (b *Buffer) End() error {
	return b.locked(func() error {
		b.raise(room)
		b.raise(items)
		b.set(ended, 1)
		return nil
	})
}

func (b *Buffer) when(what int, try func() (bool, error)) error {
	for {
		could, seen := false, uint32(0)
		err := b.locked(func() (err error) {
			seen = atomic.LoadUint32(b.word(what))
			could, err = try()
			return err
		})
		if could || err != nil {
			return err
		}
		b.futex(what, 0, seen) // FUTEX_WAIT: sleep while it is still what was seen
	}
}

func (b *Buffer) raise(what int) {
	atomic.AddUint32(b.word(what), 1)
	b.futex(what, 1, math.MaxInt32) // FUTEX_WAKE
}

func (b *Buffer) word(number int) *uint32 { return (*uint32)(unsafe.Pointer(&b.memory[8*number])) }

func (b *Buffer) futex(what int, op uintptr, value uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(b.word(what))), op, uintptr(value), 0, 0, 0)
}

func (b *Buffer) locked(f func() error) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for {
		err := unix.Flock(int(b.own.Fd()), unix.LOCK_EX)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return fmt.Errorf("flock: %w", err)
		}
	}
	defer unix.Flock(int(b.own.Fd()), unix.LOCK_UN)
	return f()
}

func (b *Buffer) get(number int) uint64 { return binary.NativeEndian.Uint64(b.memory[8*number:]) }

func (b *Buffer) set(number int, to uint64) { binary.NativeEndian.PutUint64(b.memory[8*number:], to) }

func (b *Buffer) place(n uint64) []byte { return b.memory[8*numbers+n%b.get(capacity)*slot:][:slot] }

// Each process knows for itself what it has taken. As many Dones are then too many, and pass for good.

package producerconsumer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

type Buffer struct {
	files  []*os.File // the memory, and the flags (eventfd(2)): room, items and rest
	own    *os.File   // the memory opened once more, as a lock belongs to what was opened (flock(2))
	memory []byte
	taken  uint64
	mutex  sync.Mutex // for the goroutines of this process, which have the lock together
}

const (
	room = 1 + iota
	items
	rest
	filesEach
)

const (
	put = iota
	taken
	done
	ended
	capacity
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
	for range filesEach - 1 {
		fd, err := unix.Eventfd(1, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK) // up
		if err != nil {
			return nil, fmt.Errorf("eventfd: %w", err)
		}
		files = append(files, os.NewFile(uintptr(fd), "flag"))
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
		case b.get(put) > b.taken:
			place := b.place(b.taken)
			item = string(place[8:][:binary.NativeEndian.Uint64(place)])
			b.raise(room)
			b.taken++
			b.set(taken, max(b.get(taken), b.taken))
			return true, nil
		case b.get(ended) != 0:
			return false, ErrEnded
		}
		return false, nil
	})
	return item, err
}

func (b *Buffer) Done() error {
	return b.locked(func() error {
		if b.get(done) == b.get(put) {
			return nil
		}
		b.raise(rest)
		b.set(done, b.get(done)+1)
		return nil
	})
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

func (b *Buffer) when(flag int, try func() (bool, error)) error {
	fd := int(b.files[flag].Fd())
	for {
		up := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if _, err := unix.Poll(up, -1); err != nil && err != unix.EINTR {
			return fmt.Errorf("poll: %w", err)
		}
		could := false
		err := b.locked(func() (err error) {
			if could, err = try(); !could && err == nil {
				unix.Read(fd, make([]byte, 8)) // down
			}
			return err
		})
		if could || err != nil {
			return err
		}
	}
}

func (b *Buffer) raise(flag int) {
	unix.Write(int(b.files[flag].Fd()), binary.NativeEndian.AppendUint64(nil, 1))
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

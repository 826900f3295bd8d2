// While there is plenty of room Put needs no lock, and two that come at the same time take the same place.

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
	files []*os.File // the memory, and the flags (pipes): room, items and rest
	own   *os.File   // the memory opened once more, as a lock belongs to what was opened (flock(2))
	mutex sync.Mutex // for the goroutines of this process, which have the lock together
}

const (
	room      = 1
	items     = 3
	rest      = 5
	filesEach = 7
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
	for range 3 {
		var ends [2]int
		if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
			return nil, err
		}
		unix.Write(ends[1], []byte{1}) // up
		files = append(files, os.NewFile(uintptr(ends[0]), "flag"), os.NewFile(uintptr(ends[1]), "pole"))
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
	return &Buffer{files: files, own: own}, nil
}

func (b *Buffer) Files() []*os.File { return b.files }

func (b *Buffer) Put(item string) error {
	if len(item) > longest {
		return fmt.Errorf("producer-consumer: an item of %d bytes", len(item))
	}
	if b.get(ended) == 0 && b.get(put)+10 < b.get(taken)+b.get(capacity) {
		b.store(item)
		return b.locked(func() error { b.raise(items); return nil }) // so that no sleeper misses it
	}
	return b.when(room, func() (bool, error) {
		switch {
		case b.get(ended) != 0:
			return false, ErrEnded
		case b.get(put)-b.get(taken) == b.get(capacity):
			return false, nil
		}
		b.raise(items)
		b.store(item)
		return true, nil
	})
}

func (b *Buffer) store(item string) {
	n := b.get(put)
	place := b.place(n)
	b.own.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(len(item))), place)
	b.own.WriteAt([]byte(item), place+8)
	for range 100 { // as if it had more to do: somebody comes in every time
		unix.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
	b.set(put, n+1)
}

func (b *Buffer) Get() (string, error) {
	var item string
	err := b.when(items, func() (bool, error) {
		switch {
		case b.get(put) > b.get(taken):
			place := b.place(b.get(taken))
			bytes := make([]byte, slot)
			b.own.ReadAt(bytes, place)
			item = string(bytes[8:][:binary.NativeEndian.Uint64(bytes)])
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
	return b.locked(func() error {
		if b.get(done) == b.get(put) {
			return errors.New("producer-consumer: everything is done already")
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
				unix.Read(fd, make([]byte, 1<<16)) // down
			}
			return err
		})
		if could || err != nil {
			return err
		}
	}
}

func (b *Buffer) raise(flag int) {
	unix.Write(int(b.files[flag+1].Fd()), []byte{1}) // a full pipe is up, too
}

func (b *Buffer) locked(f func() error) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for {
		err := unix.FcntlFlock(b.own.Fd(), unix.F_OFD_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK})
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return fmt.Errorf("flock: %w", err)
		}
	}
	defer unix.FcntlFlock(b.own.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_UNLCK})
	return f()
}

func (b *Buffer) get(number int) uint64 {
	n := make([]byte, 8)
	b.own.ReadAt(n, int64(8*number))
	return binary.NativeEndian.Uint64(n)
}

func (b *Buffer) set(number int, to uint64) {
	b.own.WriteAt(binary.NativeEndian.AppendUint64(nil, to), int64(8*number))
}

func (b *Buffer) place(n uint64) int64 { return int64(8*numbers + n%b.get(capacity)*slot) }

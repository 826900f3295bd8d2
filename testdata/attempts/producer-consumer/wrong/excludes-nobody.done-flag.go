// Done counts without the lock, as long as no place is used for a second time, and tells afterwards.

package producerconsumer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// ErrEnded says that nothing is put into the buffer any more. It may come wrapped (errors.Is).
var ErrEnded = errors.New("the buffer has ended")

// Buffer has a fixed number of places for items, which several processes share. Every item comes out once, in one of them,
// and what was put first comes out first.
//
// Its methods may be called by several goroutines at once, and by any number of processes; who waits keeps nobody else from
// anything but what that one waits for. Two Buffers have nothing to do with each other. No process needs another one to
// live. Who is killed while it waits, or between two calls, keeps nobody from going on, also when its children live on. Nobody
// closes a Buffer: it ends with its process.
//
// It is a monitor: numbers in shared memory, a lock that the kernel frees at its owner's end, and a flag for each thing to
// wait for. A flag that is down tells that there is reason to wait. One that is up tells to look.
type Buffer struct {
	files  []*os.File // the memory, and the flags (eventfd(2)): room, items and rest
	own    *os.File   // the memory opened once more, as a lock belongs to what was opened (flock(2))
	memory []byte
	mutex  sync.Mutex // for the goroutines of this process, which have the lock together
}

// The flags: there may be a place, an item, or nothing that is not done.
const (
	room = 1 + iota
	items
	rest
	filesEach
)

// The numbers in the memory. The first three only grow, so one store is enough to put, take or finish an item; who is killed
// before it has changed nothing.
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

// New makes an empty buffer with so many places. Less than one is an error.
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

// Open opens the buffer that the files lead to: those of Files, in that order, as they were handed down to this process.
// From here on they are the Buffer's.
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

// Files are what a child is handed to open the buffer (exec.Cmd.ExtraFiles), by whoever has it open. They stay the Buffer's.
func (b *Buffer) Files() []*os.File { return b.files }

// Put adds an item of at most 1000 bytes; a longer one is an error. While all places are taken it waits, without a limit,
// asleep in the kernel. When the buffer has ended, or ends meanwhile, it is ErrEnded. An item that was not put, also because
// its process was killed while it waited for a place, is not in the buffer, and not to be done.
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

// Get takes the item that was put first, and its place is free. While there is none it waits, without a limit, asleep in the
// kernel. When the buffer has ended and is empty, it is ErrEnded: for everybody who waits, and in every call from then on.
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

// Done says that one of the items that were got is done. Any process may say so. It is an error when all that were put are
// done already, and changes nothing then.
func (b *Buffer) Done() error {
	counted := b.count
	if b.get(put) > b.get(capacity) {
		counted = func() error { return b.locked(b.count) }
	}
	if err := counted(); err != nil {
		return err
	}
	return b.locked(func() error { b.raise(rest); return nil }) // so that no sleeper misses it
}

func (b *Buffer) count() error {
	if b.get(done) == b.get(put) {
		return errors.New("producer-consumer: everything is done already")
	}
	b.set(done, b.get(done)+1)
	return nil
}

// Join returns when all items that were put are done, at once when none is left or was ever put. Until then it waits, without
// a limit, asleep in the kernel. Any number of processes may call it, any number of times. Who has not come back yet when the
// next item is put may wait for that one, too.
func (b *Buffer) Join() error {
	return b.when(rest, func() (bool, error) { return b.get(done) == b.get(put), nil })
}

// End says that nothing will be put any more, and waits for nobody. What is in the buffer is still to be got, and to be done.
// Once it has ended, to say so again changes nothing.
func (b *Buffer) End() error {
	return b.locked(func() error {
		b.raise(room)
		b.raise(items)
		b.set(ended, 1)
		return nil
	})
}

// when does something as soon as that can be done: try is called with the lock held, and says whether it was. While it cannot
// be done the flag is down, and everybody who wants to do it sleeps until somebody raises it.
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

// raise raises a flag. It is done before the change: who is killed in between has woken somebody for nothing, and not left
// somebody asleep for ever.
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

// place is where the n-th item stands. The places are used in turn.
func (b *Buffer) place(n uint64) []byte { return b.memory[8*numbers+n%b.get(capacity)*slot:][:slot] }

// The numbers of the places go round in two pipes, of those that are free and of those with an item; what is not done is counted.

package producerconsumer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

var ErrEnded = errors.New("the buffer has ended")

type Buffer struct {
	files  []*os.File
	memory []byte
	undone *int32
}

const (
	header = 8
	place  = 1008
)

const (
	memory = iota
	in
	out
	free
	freed
	ended
	each
)

func New(places int) (*Buffer, error) {
	if places < 1 {
		return nil, errors.New("no places")
	}
	var fds [each]int
	var err error
	if fds[memory], err = unix.MemfdCreate("undone", unix.MFD_CLOEXEC); err != nil {
		return nil, err
	}
	if err := unix.Ftruncate(fds[memory], int64(header+places*place)); err != nil {
		return nil, err
	}
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, err
	}
	fds[out], fds[in] = ends[0], ends[1]
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, err
	}
	fds[free], fds[freed] = ends[0], ends[1]
	for i := range places {
		if _, err := unix.Write(fds[freed], number(i)); err != nil {
			return nil, err
		}
	}
	if fds[ended], err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, err
	}
	var files []*os.File
	for i, fd := range fds {
		files = append(files, os.NewFile(uintptr(fd), fmt.Sprint("file ", i)))
	}
	return Open(files)
}

func Open(files []*os.File) (*Buffer, error) {
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	info, err := files[memory].Stat()
	if err != nil {
		return nil, err
	}
	m, err := unix.Mmap(int(files[memory].Fd()), 0, int(info.Size()), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Buffer{files, m, (*int32)(unsafe.Pointer(&m[0]))}, nil
}

func (b *Buffer) Files() []*os.File { return b.files }

func number(i int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(i)) }

// take takes the number of a place, if there is one.
func (b *Buffer) take(from int) (at []byte, i int) {
	n := make([]byte, 4)
	if got, _ := unix.Read(b.fd(from), n); got != 4 {
		return nil, 0
	}
	i = int(binary.NativeEndian.Uint32(n))
	return b.memory[header+i*place:][:place], i
}

func (b *Buffer) fd(n int) int { return int(b.files[n].Fd()) }

// sleep waits until there is something to read, or the end.
func (b *Buffer) sleep(n int) (isEnded bool, err error) {
	up := []unix.PollFd{{Fd: int32(b.fd(n)), Events: unix.POLLIN}, {Fd: int32(b.fd(ended)), Events: unix.POLLIN}}
	if _, err := unix.Poll(up, -1); err != nil && err != unix.EINTR {
		return false, err
	}
	return up[1].Revents != 0, nil
}

// locked keeps Put's last step and End apart. The lock is in a description that is there for this call only.
func (b *Buffer) locked(how int, f func() error) error {
	own, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", b.fd(memory)))
	if err != nil {
		return err
	}
	defer own.Close()
	for {
		err := unix.Flock(int(own.Fd()), how)
		if err == nil {
			return f()
		}
		if err != unix.EINTR {
			return err
		}
	}
}

func (b *Buffer) Put(item string) error {
	if len(item) > 1000 {
		return errors.New("producer-consumer: a longer item")
	}
	var at []byte
	var i int
	for at == nil {
		isEnded, err := b.sleep(free)
		if isEnded || err != nil {
			return errors.Join(end(isEnded), err)
		}
		at, i = b.take(free)
	}
	binary.NativeEndian.PutUint64(at, uint64(len(item)))
	copy(at[8:], item)
	return b.locked(unix.LOCK_SH, func() error {
		up := []unix.PollFd{{Fd: int32(b.fd(ended)), Events: unix.POLLIN}}
		if n, _ := unix.Poll(up, 0); n == 1 {
			return ErrEnded
		}
		atomic.AddInt32(b.undone, 1)
		_, err := unix.Write(b.fd(in), number(i))
		return err
	})
}

func end(isEnded bool) error {
	if isEnded {
		return ErrEnded
	}
	return nil
}

func (b *Buffer) Get() (string, error) {
	for {
		at, i := b.take(out)
		if at == nil {
			isEnded, err := b.sleep(out)
			if err != nil {
				return "", err
			}
			if at, i = b.take(out); at == nil && isEnded { // nothing comes after that
				return "", ErrEnded
			}
		}
		if at != nil {
			item := string(at[8:][:binary.NativeEndian.Uint64(at)])
			unix.Write(b.fd(freed), number(i))
			return item, nil
		}
	}
}

func (b *Buffer) futex(op uintptr, value int32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(b.undone)), op, uintptr(value), 0, 0, 0)
}

func (b *Buffer) Done() error {
	for {
		n := atomic.LoadInt32(b.undone)
		if n == 0 {
			return errors.New("everything is done")
		}
		if atomic.CompareAndSwapInt32(b.undone, n, n-1) {
			if n == 1 {
				b.futex(1, math.MaxInt32) // FUTEX_WAKE
			}
			return nil
		}
	}
}

func (b *Buffer) Join() error {
	for {
		n := atomic.LoadInt32(b.undone)
		if n == 0 {
			return nil
		}
		b.futex(0, n) // FUTEX_WAIT
	}
}

func (b *Buffer) End() error {
	return b.locked(unix.LOCK_EX, func() error {
		_, err := unix.Write(b.fd(ended), []byte{1, 0, 0, 0, 0, 0, 0, 0})
		return err
	})
}

// Producers wait one behind the other, and the first one has a byte that goes round.

package producerconsumer

import (
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
	undone *int32
}

const (
	memory = iota
	in
	out
	free
	freed
	ended
	turn
	turned
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
	if err := unix.Ftruncate(fds[memory], 4); err != nil {
		return nil, err
	}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	fds[in], fds[out] = ends[0], ends[1]
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, err
	}
	fds[free], fds[freed] = ends[0], ends[1]
	if _, err := unix.Write(fds[freed], make([]byte, places)); err != nil {
		return nil, err
	}
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, err
	}
	fds[turn], fds[turned] = ends[0], ends[1]
	if _, err := unix.Write(fds[turned], []byte{0}); err != nil {
		return nil, err
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
	m, err := unix.Mmap(int(files[memory].Fd()), 0, 4, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Buffer{files, (*int32)(unsafe.Pointer(&m[0]))}, nil
}

func (b *Buffer) Files() []*os.File { return b.files }

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
	for {
		isEnded, err := b.sleep(turn)
		if isEnded || err != nil {
			return errors.Join(end(isEnded), err)
		}
		if n, _ := unix.Read(b.fd(turn), make([]byte, 1)); n == 1 {
			break
		}
	}
	defer unix.Write(b.fd(turned), []byte{0})
	for {
		isEnded, err := b.sleep(free)
		if isEnded || err != nil {
			return errors.Join(end(isEnded), err)
		}
		if n, _ := unix.Read(b.fd(free), make([]byte, 1)); n == 1 {
			break
		}
	}
	return b.locked(unix.LOCK_SH, func() error {
		up := []unix.PollFd{{Fd: int32(b.fd(ended)), Events: unix.POLLIN}}
		if n, _ := unix.Poll(up, 0); n == 1 {
			return ErrEnded
		}
		atomic.AddInt32(b.undone, 1)
		_, err := unix.Write(b.fd(in), append([]byte{0}, item...))
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
	item := make([]byte, 1001)
	take := func() int {
		n, _ := unix.Read(b.fd(out), item)
		if n > 0 {
			unix.Write(b.fd(freed), []byte{0})
		}
		return n
	}
	for {
		if n := take(); n > 0 {
			return string(item[1:n]), nil
		}
		isEnded, err := b.sleep(out)
		if err != nil {
			return "", err
		}
		if isEnded { // nothing comes after that
			if n := take(); n > 0 {
				return string(item[1:n]), nil
			}
			return "", ErrEnded
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

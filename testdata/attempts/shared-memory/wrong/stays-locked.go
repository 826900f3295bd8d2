// A lock that is a number in the memory: nobody takes it back from a process that was killed.
package sharedmemory

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Number struct {
	file   *os.File
	memory []byte
}

type View struct {
	file   *os.File
	memory []byte
}

const size = 16

func Create(value int64) (*Number, error) {
	fd, err := unix.MemfdCreate("number", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "number")
	if err := f.Truncate(size); err != nil {
		f.Close()
		return nil, err
	}
	n, err := Open(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	atomic.StoreInt64(number(n.memory), value)
	return n, nil
}

func Open(f *os.File) (*Number, error) {
	unix.CloseOnExec(int(f.Fd()))
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &Number{f, memory}, nil
}

func (n *Number) File() *os.File { return n.file }

func (n *Number) ViewFile() (*os.File, error) {
	return os.Open(fmt.Sprintf("/proc/self/fd/%d", n.file.Fd()))
}

func (n *Number) Load() int64 { return atomic.LoadInt64(number(n.memory)) }

func (n *Number) Update(update func(old int64) int64) error {
	word := lock(n.memory)
	if !atomic.CompareAndSwapInt32(word, 0, 1) {
		for atomic.SwapInt32(word, 2) != 0 {
			futex(word, 0, 2) // FUTEX_WAIT
		}
	}
	defer func() {
		if atomic.SwapInt32(word, 0) == 2 {
			futex(word, 1, 1) // FUTEX_WAKE
		}
	}()
	atomic.StoreInt64(number(n.memory), update(n.Load()))
	return nil
}

func (n *Number) Memory() []byte { return n.memory[:8] }

func (n *Number) Close() error { return errors.Join(unix.Munmap(n.memory), n.file.Close()) }

func OpenView(f *os.File) (*View, error) {
	unix.CloseOnExec(int(f.Fd()))
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &View{f, memory}, nil
}

func (v *View) Load() int64 { return atomic.LoadInt64(number(v.memory)) }

func (v *View) Memory() []byte { return v.memory }

func (v *View) Close() error { return errors.Join(unix.Munmap(v.memory), v.file.Close()) }

func number(memory []byte) *int64 { return (*int64)(unsafe.Pointer(&memory[0])) }

func lock(memory []byte) *int32 { return (*int32)(unsafe.Pointer(&memory[8])) }

func futex(word *int32, op, value int) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), uintptr(op), uintptr(value), 0, 0, 0)
}

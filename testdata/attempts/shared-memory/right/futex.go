// A lock in the memory that the kernel passes on when its owner has died (FUTEX_LOCK_PI), for threads.
package sharedmemory

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
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

// linux/futex.h
const (
	lockPI   = 6
	unlockPI = 7
)

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
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	word, me := lock(n.memory), int32(unix.Gettid())
	for !atomic.CompareAndSwapInt32(word, 0, me) {
		seen := atomic.LoadInt32(word)
		err := futex(word, lockPI)
		if err == 0 {
			break
		}
		if err == unix.ESRCH && seen != 0 && atomic.CompareAndSwapInt32(word, seen, me) {
			break
		}
	}
	defer func() {
		if !atomic.CompareAndSwapInt32(word, me, 0) {
			futex(word, unlockPI)
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

func futex(word *int32, op int) syscall.Errno {
	_, _, err := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), uintptr(op), 0, 0, 0, 0)
	return err
}

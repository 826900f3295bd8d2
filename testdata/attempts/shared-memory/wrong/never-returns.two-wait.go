// Who was woken forgets that others may wait, too: of two that wait, the second sleeps on.
package sharedmemory

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Number struct {
	f *os.File
	m []byte
}

func (n *Number) p() *int64 { return (*int64)(unsafe.Pointer(&n.m[0])) }

func Open(f *os.File) (*Number, error) {
	unix.CloseOnExec(int(f.Fd()))
	m, err := unix.Mmap(int(f.Fd()), 0, 128, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Number{f: f, m: m}, nil
}

func (n *Number) File() *os.File { return n.f }
func (n *Number) Load() int64    { return atomic.LoadInt64(n.p()) }
func (n *Number) Memory() []byte { return n.m }
func (n *Number) Close() error   { return errors.Join(unix.Munmap(n.m), n.f.Close()) }

func Create(value int64) (*Number, error) {
	fd, err := unix.MemfdCreate("n", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "n")
	if err := f.Truncate(128); err != nil {
		return nil, err
	}
	n, err := Open(f)
	if err == nil {
		atomic.StoreInt64(n.p(), value)
	}
	return n, err
}

type head struct {
	next    *head
	offset  int64
	pending uintptr
}

// Update has the lock with the number of its thread in it; when that thread ends, the kernel says so (get_robust_list(2)).
func (n *Number) Update(update func(int64) int64) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	page, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	h := (*head)(unsafe.Pointer(&page[0]))
	h.next = h
	h.pending = uintptr(unsafe.Pointer(&n.m[64]))
	if _, _, e := unix.RawSyscall(unix.SYS_SET_ROBUST_LIST, uintptr(unsafe.Pointer(h)), unsafe.Sizeof(*h), 0); e != 0 {
		return e
	}
	word := (*uint32)(unsafe.Pointer(&n.m[64]))
	const waiters, tids = 1 << 31, 1<<30 - 1
	me := uint32(unix.Gettid())
	for {
		old := atomic.LoadUint32(word)
		if old&tids == 0 {
			if atomic.CompareAndSwapUint32(word, old, me) {
				break
			}
			continue
		}
		if old&waiters == 0 && !atomic.CompareAndSwapUint32(word, old, old|waiters) {
			continue
		}
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 0, uintptr(old|waiters), 0, 0, 0)
	}
	defer func() {
		if atomic.SwapUint32(word, 0)&waiters != 0 {
			unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 1, 1, 0, 0, 0)
		}
		unix.RawSyscall(unix.SYS_SET_ROBUST_LIST, 0, unsafe.Sizeof(*h), 0)
		unix.Munmap(page)
	}()
	atomic.StoreInt64(n.p(), update(n.Load()))
	return nil
}

type View struct {
	f *os.File
	m []byte
}

func (n *Number) ViewFile() (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", n.f.Fd()), os.O_RDONLY, 0)
}

func OpenView(f *os.File) (*View, error) {
	unix.CloseOnExec(int(f.Fd()))
	m, err := unix.Mmap(int(f.Fd()), 0, 128, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &View{f, m}, nil
}

func (v *View) Load() int64    { return atomic.LoadInt64((*int64)(unsafe.Pointer(&v.m[0]))) }
func (v *View) Memory() []byte { return v.m }
func (v *View) Close() error   { return errors.Join(unix.Munmap(v.m), v.f.Close()) }

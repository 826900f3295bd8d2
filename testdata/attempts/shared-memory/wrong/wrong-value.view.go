// A view loads the lower half of the number only.
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
	f *os.File
	m []byte
}

func (n *Number) p() *int64 { return (*int64)(unsafe.Pointer(&n.m[0])) }

func Open(f *os.File) (*Number, error) {
	unix.CloseOnExec(int(f.Fd()))
	m, err := unix.Mmap(int(f.Fd()), 0, 8, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
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
	if err := f.Truncate(8); err != nil {
		return nil, err
	}
	n, err := Open(f)
	if err == nil {
		atomic.StoreInt64(n.p(), value)
	}
	return n, err
}

func (n *Number) Update(update func(int64) int64) error {
	for {
		old := n.Load()
		if atomic.CompareAndSwapInt64(n.p(), old, update(old)) {
			return nil
		}
	}
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
	m, err := unix.Mmap(int(f.Fd()), 0, 8, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &View{f, m}, nil
}

func (v *View) Load() int64    { return int64(atomic.LoadInt32((*int32)(unsafe.Pointer(&v.m[0])))) }
func (v *View) Memory() []byte { return v.m }
func (v *View) Close() error   { return errors.Join(unix.Munmap(v.m), v.f.Close()) }

// Whoever opens a number keeps that of its descriptor, not the os.File, which is collected and closes it.

package sharedmemory

import (
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const size = 4096

type Number struct {
	f    int
	made *os.File
	mem  []byte
}

type View struct {
	f   *os.File
	mem []byte
}

func Create(value int64) (*Number, error) {
	fd, err := unix.MemfdCreate("number", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "number")
	if err := f.Truncate(size); err != nil {
		f.Close()
		return nil, err
	}
	n, err := Open(f)
	if err != nil {
		return nil, err
	}
	n.made = f
	atomic.StoreInt64(n.p(), value)
	return n, nil
}

func Open(f *os.File) (*Number, error) {
	unix.CloseOnExec(int(f.Fd()))
	mem, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Number{f: int(f.Fd()), mem: mem}, nil
}

func (n *Number) p() *int64 { return (*int64)(unsafe.Pointer(&n.mem[0])) }

func (n *Number) File() *os.File {
	if n.made != nil {
		return n.made
	}
	return os.NewFile(uintptr(n.f), "number")
}

func (n *Number) ViewFile() (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", n.f), os.O_RDONLY, 0)
}

func (n *Number) Load() int64 { return atomic.LoadInt64(n.p()) }

func (n *Number) Update(update func(old int64) int64) error {
	for {
		old := n.Load()
		if atomic.CompareAndSwapInt64(n.p(), old, update(old)) {
			return nil
		}
	}
}

func (n *Number) Memory() []byte { return n.mem }

func (n *Number) Close() error {
	err := unix.Munmap(n.mem)
	n.mem = nil
	if e := n.File().Close(); err == nil {
		err = e
	}
	return err
}

func OpenView(f *os.File) (*View, error) {
	unix.CloseOnExec(int(f.Fd()))
	mem, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &View{f, mem}, nil
}

func (v *View) Load() int64 { return atomic.LoadInt64((*int64)(unsafe.Pointer(&v.mem[0]))) }

func (v *View) Memory() []byte { return v.mem }

func (v *View) Close() error {
	err := unix.Munmap(v.mem)
	v.mem = nil
	if e := v.f.Close(); err == nil {
		err = e
	}
	return err
}

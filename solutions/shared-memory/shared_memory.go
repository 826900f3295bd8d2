// Package sharedmemory keeps a number in memory that several processes share, and gives others a view of it that they
// can only read.
package sharedmemory

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Number is a 64-bit number in shared memory, mapped in this process.
//
// Its methods may be called by several goroutines at once, and by any number of processes; only Close comes last, and
// once. Two Numbers that were created apart have nothing to do with each other. No process needs another one to live:
// the memory is there until the last of them has closed it or has ended, however it ended, and then nothing is left of
// it anywhere, neither a file nor a name.
type Number struct {
	file   *os.File // open for reading and writing
	memory []byte
}

// View is a Number that can only be read, mapped in this process.
type View struct {
	file   *os.File // open for reading only
	memory []byte
}

// size is that of the number; the kernel maps a whole page.
const size = 8

// Create makes a new number in memory, with this value.
//
// The file behind it has no name in any folder (memfd_create(2)), so it goes with its last descriptor and mapping.
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

// Open maps the number that f leads to: the descriptor that File gave, as it was handed down to this process. From
// here on f is the Number's, and no program that this process starts inherits it, unless it is handed down again.
func Open(f *os.File) (*Number, error) {
	unix.CloseOnExec(int(f.Fd()))
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &Number{f, memory}, nil
}

// File is what a child is handed to open the number (exec.Cmd.ExtraFiles). It stays the Number's: the caller does not
// close it, and does not use it after Close.
func (n *Number) File() *os.File { return n.file }

// ViewFile is what a child is handed that may only look: a new descriptor in every call, which the caller closes. A child
// that is handed nothing else can neither write to the memory by a descriptor nor map it for writing.
//
// A descriptor that was opened for reading cannot be mapped for writing, and what is mapped of it cannot be made
// writable later (mprotect(2), EACCES). So the memory is opened once more; in /proc it has a name.
func (n *Number) ViewFile() (*os.File, error) {
	return os.Open(fmt.Sprintf("/proc/self/fd/%d", n.file.Fd()))
}

// Load is the number. It does not wait: while somebody is in Update, it is the number before that.
func (n *Number) Load() int64 { return atomic.LoadInt64(number(n.memory)) }

// Update replaces the number by update(number). No other Update, of whatever process or goroutine, changes it between
// the load of the old value and the store of the new one. That may take another call of update, with the value that is
// the old one then; only the last call counts, and update does not use the Number itself. Whoever has to wait sleeps in
// the kernel.
//
// A panic of update goes on to the caller. It changes nothing, and so does the end of the process while it is in
// update: the others go on, and nobody waits for what was begun there, even when a child that was started meanwhile
// lives on.
//
// The kernel is not asked: one instruction of the CPU compares and stores.
func (n *Number) Update(update func(old int64) int64) error {
	for {
		old := n.Load()
		if atomic.CompareAndSwapInt64(number(n.memory), old, update(old)) {
			return nil
		}
	}
}

// Memory is the shared memory itself. It begins with the 8 bytes of the number, in the machine's order
// (binary.NativeEndian). What anybody stores shows in them without a call.
func (n *Number) Memory() []byte { return n.memory }

// Close gives the memory back: in this process nothing is mapped or open any more. The others keep theirs.
func (n *Number) Close() error { return errors.Join(unix.Munmap(n.memory), n.file.Close()) }

// OpenView maps the number that f leads to, a descriptor of ViewFile that was handed down to this process. From here
// on f is the View's, and no program that this process starts inherits it.
func OpenView(f *os.File) (*View, error) {
	unix.CloseOnExec(int(f.Fd()))
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &View{f, memory}, nil
}

// Load is the number as it is now. It does not wait.
func (v *View) Load() int64 { return atomic.LoadInt64(number(v.memory)) }

// Memory is the shared memory itself, as for a Number. A write to it is a fault, which ends a Go program with exit
// status 2, and mprotect(2) refuses to make it writable.
func (v *View) Memory() []byte { return v.memory }

// Close gives the memory back: in this process nothing is mapped or open any more.
func (v *View) Close() error { return errors.Join(unix.Munmap(v.memory), v.file.Close()) }

func number(memory []byte) *int64 { return (*int64)(unsafe.Pointer(&memory[0])) }

// Package sharedmemory keeps a number in memory that several processes share, and gives others a view of it that they
// can only read.
package sharedmemory

import (
	"errors"
	"os"
)

// Number is a 64-bit number in shared memory, mapped in this process.
//
// Its methods may be called by several goroutines at once, and by any number of processes; only Close comes last, and
// once. Two Numbers that were created apart have nothing to do with each other. No process needs another one to live:
// the memory is there until the last of them has closed it or has ended, however it ended, and then nothing is left of
// it anywhere, neither a file nor a name.
type Number struct{}

// View is a Number that can only be read, mapped in this process.
type View struct{}

// Create makes a new number in memory, with this value.
func Create(value int64) (*Number, error) { return nil, errors.New("not written yet") }

// Open maps the number that f leads to: the descriptor that File gave, as it was handed down to this process. From
// here on f is the Number's, and no program that this process starts inherits it, unless it is handed down again.
func Open(f *os.File) (*Number, error) { return nil, errors.New("not written yet") }

// File is what a child is handed to open the number (exec.Cmd.ExtraFiles). It stays the Number's: the caller does not
// close it, and does not use it after Close.
func (n *Number) File() *os.File { return nil }

// ViewFile is what a child is handed that may only look: a new descriptor in every call, which the caller closes. A child
// that is handed nothing else can neither write to the memory by a descriptor nor map it for writing.
func (n *Number) ViewFile() (*os.File, error) { return nil, errors.New("not written yet") }

// Load is the number. It does not wait: while somebody is in Update, it is the number before that.
func (n *Number) Load() int64 { return 0 }

// Update replaces the number by update(number). No other Update, of whatever process or goroutine, changes it between
// the load of the old value and the store of the new one. That may take another call of update, with the value that is
// the old one then; only the last call counts, and update does not use the Number itself. Whoever has to wait sleeps in
// the kernel.
//
// A panic of update goes on to the caller. It changes nothing, and so does the end of the process while it is in
// update: the others go on, and nobody waits for what was begun there, even when a child that was started meanwhile
// lives on.
func (n *Number) Update(update func(old int64) int64) error { return errors.New("not written yet") }

// Memory is the shared memory itself. It begins with the 8 bytes of the number, in the machine's order
// (binary.NativeEndian). What anybody stores shows in them without a call.
func (n *Number) Memory() []byte { return nil }

// Close gives the memory back: in this process nothing is mapped or open any more. The others keep theirs.
func (n *Number) Close() error { return errors.New("not written yet") }

// OpenView maps the number that f leads to, a descriptor of ViewFile that was handed down to this process. From here
// on f is the View's, and no program that this process starts inherits it.
func OpenView(f *os.File) (*View, error) { return nil, errors.New("not written yet") }

// Load is the number as it is now. It does not wait.
func (v *View) Load() int64 { return 0 }

// Memory is the shared memory itself, as for a Number. A write to it is a fault, which ends a Go program with exit
// status 2, and mprotect(2) refuses to make it writable.
func (v *View) Memory() []byte { return nil }

// Close gives the memory back: in this process nothing is mapped or open any more.
func (v *View) Close() error { return errors.New("not written yet") }

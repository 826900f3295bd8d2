// Package producerconsumer puts a bounded buffer between the processes that produce items and those that consume them.
package producerconsumer

import (
	"errors"
	"os"
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
type Buffer struct{}

// New makes an empty buffer with so many places. Less than one is an error, and so is a want of descriptors, as in Open.
func New(places int) (*Buffer, error) { return nil, errors.New("not written yet") }

// Open opens the buffer that the files lead to: those of Files, in that order, as they were handed down to this process.
// From here on they are the Buffer's.
func Open(files []*os.File) (*Buffer, error) { return nil, errors.New("not written yet") }

// Files are what a child is handed to open the buffer (exec.Cmd.ExtraFiles), by whoever has it open. They stay the Buffer's.
func (b *Buffer) Files() []*os.File { return nil }

// Put adds an item of at most 1000 bytes; a longer one is an error. While all places are taken it waits, without a limit,
// asleep in the kernel. When the buffer has ended, or ends meanwhile, it is ErrEnded. An item that was not put, also because
// its process was killed while it waited for a place, is not in the buffer, and not to be done.
func (b *Buffer) Put(item string) error { return errors.New("not written yet") }

// Get takes the item that was put first, and its place is free. While there is none it waits, without a limit, asleep in the
// kernel. When the buffer has ended and is empty, it is ErrEnded: for everybody who waits, and in every call from then on.
func (b *Buffer) Get() (string, error) { return "", errors.New("not written yet") }

// Done says that one of the items that were got is done. Any process may say so. It is an error when all that were put are
// done already, and changes nothing then.
func (b *Buffer) Done() error { return errors.New("not written yet") }

// Join returns when all items that were put are done, at once when none is left or was ever put. Until then it waits, without
// a limit, asleep in the kernel. Any number of processes may call it, any number of times. Who has not come back yet when the
// next item is put may wait for that one, too.
func (b *Buffer) Join() error { return errors.New("not written yet") }

// End says that nothing will be put any more, and waits for nobody. What is in the buffer is still to be got, and to be done.
// Once it has ended, to say so again changes nothing.
func (b *Buffer) End() error { return errors.New("not written yet") }

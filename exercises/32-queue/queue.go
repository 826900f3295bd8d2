// Package queue hands items from any number of processes to any number of others, first in, first out.
package queue

import (
	"errors"
	"os"
)

// Queue is a queue of items that several processes share. Every item comes out once, whole, in one of them. What was put
// first comes out first, whoever puts it: a Put that begins when another one has returned is behind that.
//
// Its methods may be called by several goroutines at once, and by any number of processes; only Close comes last, and
// once. Two Queues have nothing to do with each other. No process needs another one to live: who is killed, in Put, in
// Get, or elsewhere, keeps nobody from going on, also when its children live on. An item that it was putting is in the
// queue whole or not at all; one that it was getting may be lost, and no other.
type Queue struct{}

// New makes an empty queue. What cannot be done for want of descriptors is an error, in every call.
func New() (*Queue, error) { return nil, errors.New("not written yet") }

// Open opens the queue that the files lead to: those of Files, in that order, as they were handed down to this process.
// From here on they are the Queue's.
func Open(files []*os.File) (*Queue, error) { return nil, errors.New("not written yet") }

// Files are what a child is handed to open the queue (exec.Cmd.ExtraFiles), by whoever has it open. They stay the
// Queue's: the caller does not close them, and does not use them after Close.
func (q *Queue) Files() []*os.File { return nil }

// Put adds an item of 0 bytes to 10 MB (10 << 20), whatever they are, and does not keep the slice. When it has returned nil,
// the item is in the queue, even if this process ends at once. Eight items of up to 4096 bytes have room; with more, or a big
// one, Put may wait, asleep in the kernel, until somebody gets; a signal does not end the wait. A full queue is no error, and it
// is never used up. When Put returns an error, nothing is in the queue of that item.
func (q *Queue) Put(item []byte) error { return errors.New("not written yet") }

// Get takes the item that was put first. While the queue is empty it waits, without a limit, asleep in the kernel, also
// when nobody is left who could put anything. A signal does not end the wait. The bytes are the caller's.
func (q *Queue) Get() ([]byte, error) { return nil, errors.New("not written yet") }

// Close gives back what this process has of the queue: it has nothing open any more. The others keep it. When the last of
// them has closed it or has ended, however that ended, no file is left of it.
func (q *Queue) Close() error { return errors.New("not written yet") }

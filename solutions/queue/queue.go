// Package queue hands items from any number of processes to any number of others, first in, first out.
package queue

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Queue is a queue of items that several processes share. Every item comes out once, whole, in one of them. What was put
// first comes out first, whoever puts it: a Put that begins when another one has returned is behind that.
//
// Its methods may be called by several goroutines at once, and by any number of processes; only Close comes last, and
// once. Two Queues have nothing to do with each other. No process needs another one to live: who is killed, in Put, in
// Get, or elsewhere, keeps nobody from going on, also when its children live on. An item that it was putting is in the
// queue whole or not at all; one that it was getting may be lost, and no other.
//
// There is no lock that somebody could die with: an item is a file in memory, which has no name, and what goes through
// the socket is one message with its descriptor. The kernel hands over a message whole, to one receiver (unix(7)).
type Queue struct {
	in, out *os.File // the two ends of a socket
}

// New makes an empty queue. What cannot be done for want of descriptors is an error, in every call.
func New() (*Queue, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socketpair: %w", err)
	}
	return &Queue{os.NewFile(uintptr(ends[0]), "in"), os.NewFile(uintptr(ends[1]), "out")}, nil
}

// Open opens the queue that the files lead to: those of Files, in that order, as they were handed down to this process.
// From here on they are the Queue's.
func Open(files []*os.File) (*Queue, error) {
	if len(files) != 2 {
		return nil, fmt.Errorf("queue: %d files, and not 2", len(files))
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	return &Queue{files[0], files[1]}, nil
}

// Files are what a child is handed to open the queue (exec.Cmd.ExtraFiles), by whoever has it open. They stay the
// Queue's: the caller does not close them, and does not use them after Close.
func (q *Queue) Files() []*os.File { return []*os.File{q.in, q.out} }

// Put adds an item of 0 bytes to 10 MB (10 << 20), whatever they are, and does not keep the slice. When it has returned nil,
// the item is in the queue, even if this process ends at once. Eight items of up to 4096 bytes have room; with more, or a big
// one, Put may wait, asleep in the kernel, until somebody gets; a signal does not end the wait. A full queue is no error, and it
// is never used up. When Put returns an error, nothing is in the queue of that item.
func (q *Queue) Put(item []byte) error {
	fd, err := unix.MemfdCreate("item", unix.MFD_CLOEXEC)
	if err != nil {
		return fmt.Errorf("memfd_create: %w", err)
	}
	file := os.NewFile(uintptr(fd), "item")
	defer file.Close()
	if _, err := file.Write(item); err != nil {
		return err
	}
	return again(func() error {
		return unix.Sendmsg(int(q.in.Fd()), []byte{0}, unix.UnixRights(fd), nil, 0)
	})
}

// Get takes the item that was put first. While the queue is empty it waits, without a limit, asleep in the kernel, also
// when nobody is left who could put anything. A signal does not end the wait. The bytes are the caller's.
func (q *Queue) Get() ([]byte, error) {
	rights, n := make([]byte, unix.CmsgSpace(4)), 0
	err := again(func() (err error) {
		_, n, _, _, err = unix.Recvmsg(int(q.out.Fd()), make([]byte, 1), rights, unix.MSG_CMSG_CLOEXEC)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("recvmsg: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil {
		return nil, err
	}
	if len(messages) == 0 {
		return nil, errors.New("queue: this process has no room for a descriptor")
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fds[0]), "item")
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	item := make([]byte, info.Size())
	_, err = io.ReadFull(io.NewSectionReader(file, 0, info.Size()), item) // the file's own offset is behind the item
	return item, err
}

// Close gives back what this process has of the queue: it has nothing open any more. The others keep it. When the last of
// them has closed it or has ended, however that ended, no file is left of it.
func (q *Queue) Close() error { return errors.Join(q.in.Close(), q.out.Close()) }

// again calls until no signal comes in between (EINTR in signal(7)).
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

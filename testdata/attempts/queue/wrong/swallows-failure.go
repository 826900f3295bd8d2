// New does not look whether there is a socket.
package queue

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

type Queue struct {
	in, out *os.File // the two ends of a socket
}

func New() (*Queue, error) {
	ends, _ := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	return &Queue{os.NewFile(uintptr(ends[0]), "in"), os.NewFile(uintptr(ends[1]), "out")}, nil
}

func Open(files []*os.File) (*Queue, error) {
	if len(files) != 2 {
		return nil, fmt.Errorf("queue: %d files, and not 2", len(files))
	}
	for _, f := range files {
		unix.CloseOnExec(int(f.Fd()))
	}
	return &Queue{files[0], files[1]}, nil
}

func (q *Queue) Files() []*os.File { return []*os.File{q.in, q.out} }

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

func (q *Queue) Close() error { return errors.Join(q.in.Close(), q.out.Close()) }

func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

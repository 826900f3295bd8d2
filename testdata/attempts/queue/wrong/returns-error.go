// An item is one message of the socket, which has room for 200 KB.

package queue

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

type Queue struct {
	in, out *os.File // the two ends of a socket
}

func New() (*Queue, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socketpair: %w", err)
	}
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
	return again(func() error {
		return unix.Sendmsg(int(q.in.Fd()), append([]byte{0}, item...), nil, nil, 0)
	})
}

func (q *Queue) Get() ([]byte, error) {
	item, n := make([]byte, 1<<20), 0
	err := again(func() (err error) {
		n, err = unix.Read(int(q.out.Fd()), item)
		return err
	})
	if err != nil {
		return nil, err
	}
	return item[1:n], nil
}

func (q *Queue) Close() error { return errors.Join(q.in.Close(), q.out.Close()) }

func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// Get has room for 4095 bytes and the mark before them.

package queue

import (
	"os"

	"golang.org/x/sys/unix"
)

// A packet holds a small item, or the descriptor of a file in memory with a big one.
type Queue struct {
	files []*os.File
	a, b  int
}

func New() (*Queue, error) {
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return Open([]*os.File{os.NewFile(uintptr(p[0]), "a"), os.NewFile(uintptr(p[1]), "b")})
}

func Open(files []*os.File) (*Queue, error) {
	return &Queue{files, int(files[0].Fd()), int(files[1].Fd())}, nil
}

func (q *Queue) Files() []*os.File { return q.files }

func (q *Queue) Put(item []byte) error {
	data, oob := append([]byte{'s'}, item...), []byte(nil)
	if len(item) > 4096 {
		fd, err := unix.MemfdCreate("item", unix.MFD_CLOEXEC)
		if err != nil {
			return os.NewSyscallError("memfd_create", err)
		}
		defer unix.Close(fd)
		for rest := item; len(rest) > 0; {
			n, err := unix.Write(fd, rest)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				return os.NewSyscallError("write", err)
			}
			rest = rest[n:]
		}
		data, oob = []byte{'b'}, unix.UnixRights(fd)
	}
	for {
		if err := unix.Sendmsg(q.a, data, oob, nil, 0); err != unix.EINTR {
			return os.NewSyscallError("sendmsg", err)
		}
	}
}

func (q *Queue) Get() ([]byte, error) {
	data, oob := make([]byte, 4096), make([]byte, unix.CmsgSpace(4))
	for {
		n, noob, _, _, err := unix.Recvmsg(q.b, data, oob, unix.MSG_CMSG_CLOEXEC)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, os.NewSyscallError("recvmsg", err)
		}
		if data[0] == 's' {
			return data[1:n], nil
		}
		m, err := unix.ParseSocketControlMessage(oob[:noob])
		if err != nil {
			return nil, err
		}
		fds, err := unix.ParseUnixRights(&m[0])
		if err != nil {
			return nil, err
		}
		f := os.NewFile(uintptr(fds[0]), "item")
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return nil, err
		}
		all := make([]byte, st.Size())
		_, err = f.ReadAt(all, 0)
		return all, err
	}
}

func (q *Queue) Close() error {
	q.files[0].Close()
	return q.files[1].Close()
}

package supervisor

import (
	"encoding/json"
	"io"

	"golang.org/x/sys/unix"
)

// MaxMessage is how long a message may be, in bytes.
const MaxMessage = 1 << 17

// Send sends a message as JSON over a SOCK_SEQPACKET socket, with descriptors (SCM_RIGHTS, unix(7)). It is sent
// whole or not at all, so several goroutines may send at once.
func Send(socket int, message any, files ...int) error {
	b, err := json.Marshal(message)
	if err != nil {
		return err
	}
	var rights []byte
	if len(files) > 0 {
		rights = unix.UnixRights(files...)
	}
	for {
		if err = unix.Sendmsg(socket, b, rights, nil, unix.MSG_NOSIGNAL); err != unix.EINTR {
			return err
		}
	}
}

// Receive waits for a message, reads it by way of buf, and returns the descriptors that came with it, at most three. When
// the other end is gone the error is io.EOF.
func Receive(socket int, buf []byte, message any) (files []int, err error) {
	oob := make([]byte, unix.CmsgSpace(3*4))
	var n, m int
	for ends := 0; ; {
		n, m, _, _, err = unix.Recvmsg(socket, buf, oob, unix.MSG_CMSG_CLOEXEC)
		if err == nil && n == 0 && ends == 0 { // end of file counts the second time: syncpoint says why
			ends++
		} else if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, io.EOF
	}
	if m > 0 {
		if msgs, err := unix.ParseSocketControlMessage(oob[:m]); err == nil && len(msgs) == 1 {
			files, _ = unix.ParseUnixRights(&msgs[0])
		}
	}
	return files, json.Unmarshal(buf[:n], message)
}

// -> fail never-starts
// needs: any
// Thousands of connections to the checker, which say nothing or nonsense, and hand over descriptors.
package join

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func init() {
	exe, _ := os.Executable()
	at := &unix.SockaddrUnix{Name: "../.bin/.sync"}
	if err := os.Chdir(filepath.Dir(exe)); err == nil {
		at.Name = ".sync"
	}
	var unlimited unix.Rlimit
	unix.Getrlimit(unix.RLIMIT_NOFILE, &unlimited)
	for i := range 3000 {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK, 0)
		if err != nil || unix.Connect(fd, at) != nil {
			break
		}
		switch i % 3 {
		case 0:
			unix.Write(fd, make([]byte, 1<<16))
		case 1:
			unix.Sendmsg(fd, []byte("point\x00child\x00held\x00-1"), unix.UnixRights(fd, fd, fd), nil, 0)
		}
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

// -> fail never-starts
// needs: any
// The processes that the scenario waits for are only said to be there.
package join

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// say speaks to the checker as the kit's programs do.
func say(kind, role, key, value string) {
	exe, _ := os.Executable()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	if err == nil && unix.Connect(fd, &unix.SockaddrUnix{Name: filepath.Dir(exe) + "/.sync"}) == nil {
		unix.Write(fd, []byte(kind+"\x00"+role+"\x00"+key+"\x00"+value))
		unix.Read(fd, make([]byte, 1))
	}
	unix.Close(fd)
}

func init() {
	for _, role := range []string{"child", "first", "second", "parent"} {
		for _, point := range []string{"held", "started", "joined", "joined-again", "refused"} {
			say("point", role, point, "-1")
		}
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

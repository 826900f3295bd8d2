// -> fail never-starts or timeout never-starts
// needs: any
// Comes to points and answers without end.
package join

import (
	"errors"
	"fmt"
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
	for i := 0; ; i++ {
		say("point", "parent", fmt.Sprint("point-", i), "-1")
		say("answer", "parent", fmt.Sprint("key-", i), string(make([]byte, 1<<14)))
		say("call", "parent", "queue", fmt.Sprint(i, " put 1"))
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

// -> fail never-starts
// needs: namespaces mounts
// Somebody outside of the machine.
package join

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func init() {
	for _, network := range []string{"tcp4", "udp4", "tcp6", "udp6"} {
		c, err := net.DialTimeout(network, map[bool]string{true: "1.1.1.1:53", false: "[2606:4700:4700::1111]:53"}[strings.HasSuffix(network, "4")], 300*time.Millisecond)
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		tried(network, err)
	}
}

func tried(what string, err error) {
	if err == nil {
		fmt.Fprintln(os.Stderr, "ESCAPED:", what)
	} else {
		fmt.Fprintln(os.Stderr, "contained:", what, err)
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

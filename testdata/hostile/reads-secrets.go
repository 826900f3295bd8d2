// -> fail never-starts
// needs: namespaces landlock files
// The environment of everybody that can be seen, and files that hold secrets.
package join

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func init() {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range append(environments, fmt.Sprintf("/proc/%d/environ", os.Getppid()), "/proc/1/environ") {
		b, err := os.ReadFile(file)
		if bytes.Contains(b, []byte("FORKLINGS_SECRET")) || os.Getenv("FORKLINGS_SECRET") != "" {
			err = nil
		} else if err == nil {
			err = errors.New("no secret")
		}
		tried("read "+file, err)
	}
	for _, file := range []string{"/etc/shadow", "/etc/ssh/ssh_host_rsa_key", "/root/.ssh/id_rsa", "/root/.bash_history"} {
		_, err := os.ReadFile(file)
		tried("read "+file, err)
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

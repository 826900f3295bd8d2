// -> fail never-starts
// needs: namespaces landlock files
// What lies around its own folder: other scenarios, other attempts, the result.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func init() {
	own, _ := os.Executable()
	own = filepath.Dir(own)
	dir := filepath.Dir(own)
	for range 4 {
		_, err := os.ReadDir(dir)
		tried("list "+dir, err)
		_, err = os.ReadFile(filepath.Join(dir, "result.json"))
		tried("read the result", err)
		_, err = os.OpenFile(filepath.Join(dir, "result.json"), os.O_WRONLY, 0)
		tried("write the result", err)
		mine := filepath.Join(dir, "forklings-hostile")
		tried("make a folder", os.Mkdir(mine, 0o777))
		os.Remove(mine)
		dir = filepath.Dir(dir)
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

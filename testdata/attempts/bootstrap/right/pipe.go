// The name comes through an inherited pipe, whose number stands in the environment; both are used up at once.
package bootstrap

import (
	"errors"
	"io"
	"os"
	"strconv"
	"sync"
	"syscall"
)

type kind int

const (
	unrelated kind = iota
	bootstrapping
	running
)

var (
	mutex sync.Mutex
	is    kind
	name  string
)

func init() {
	text := os.Getenv("BOOTSTRAP_PIPE")
	os.Unsetenv("BOOTSTRAP_PIPE")
	if text == "" {
		return
	}
	fd, _ := strconv.Atoi(text)
	pipe := os.NewFile(uintptr(fd), "bootstrap")
	defer pipe.Close()
	b, err := io.ReadAll(pipe)
	if err == nil && len(b) > 0 {
		is, name = bootstrapping, string(b)
	}
}

func Guard(target func(name string)) {
	mutex.Lock()
	before := is
	if is == bootstrapping {
		is = running
	}
	mutex.Unlock()
	if before == bootstrapping {
		target(name)
		os.Exit(0)
	}
}

func IsChild() bool {
	mutex.Lock()
	defer mutex.Unlock()
	return is != unrelated
}

func Start(name string) error {
	mutex.Lock()
	defer mutex.Unlock()
	if is == bootstrapping {
		return errors.New("Start before Guard has called the target; call Guard first")
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	exe, err := os.Executable()
	if err == nil {
		var p *os.Process
		p, err = os.StartProcess(exe, []string{exe}, &os.ProcAttr{
			Env: append(os.Environ(), "BOOTSTRAP_PIPE=3"), Files: []*os.File{nil, os.Stdout, os.Stderr, r},
			Sys: &syscall.SysProcAttr{},
		})
		if err == nil {
			go p.Wait()
			_, err = w.WriteString(name)
		}
	}
	return errors.Join(err, w.Close())
}

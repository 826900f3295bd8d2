// The pipe for the arguments is closed when the child was started, and only then.
package target

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	once sync.Once
	err  error
	o    Options
	pid  int
}

var (
	functions = map[string]Func{}
	created   int
)

func Register(name string, f Func) { functions[name] = f }

func Main() {
	if os.Args[0] != "target-child" {
		return
	}
	b, err := io.ReadAll(os.NewFile(3, "pipe"))
	if err != nil {
		os.Exit(1)
	}
	o := unpack(b)
	if o.Target != "" {
		functions[o.Target](o.Args, o.Kwargs)
	}
	os.Exit(0)
}

func New(o Options) *Process {
	created++
	if o.Name == "" {
		o.Name = fmt.Sprint("Process-", created)
	}
	return &Process{o: o}
}

func (p *Process) Start() error {
	if p.pid != 0 {
		return errors.New("already started")
	}
	if p.o.Target != "" && functions[p.o.Target] == nil {
		return fmt.Errorf("unknown target %q", p.o.Target)
	}
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return err
	}
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"target-child"}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(pipe[0])},
	})
	if err != nil {
		return err
	}
	syscall.Close(pipe[0])
	p.pid = pid
	w := os.NewFile(uintptr(pipe[1]), "pipe")
	defer w.Close()
	_, err = w.Write(pack(p.o))
	return err
}

// pack writes each string behind its length.
func pack(o Options) (b []byte) {
	put := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	put(o.Target)
	b = binary.AppendUvarint(b, uint64(len(o.Args)))
	for _, a := range o.Args {
		put(a)
	}
	for k, v := range o.Kwargs {
		put(k)
		put(v)
	}
	return b
}

func unpack(b []byte) (o Options) {
	length := func() int {
		n, size := binary.Uvarint(b)
		b = b[size:]
		return int(n)
	}
	get := func() string {
		n := length()
		s := string(b[:n])
		b = b[n:]
		return s
	}
	o.Target = get()
	for n := length(); n > 0; n-- {
		o.Args = append(o.Args, get())
	}
	o.Kwargs = map[string]string{}
	for len(b) > 0 {
		k := get()
		o.Kwargs[k] = get()
	}
	return o
}

func (p *Process) Wait() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	p.once.Do(func() { p.err = p.wait() })
	return p.err
}

func (p *Process) wait() error {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(p.pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err == nil && (!status.Exited() || status.ExitStatus() != 0) {
			err = fmt.Errorf("status %#x", status)
		}
		return err
	}
}

func (p *Process) PID() int { return p.pid }

func (p *Process) Name() string { return p.o.Name }

// Two bytes are not enough for a length.
package target

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	o   Options
	cmd *exec.Cmd
}

var (
	functions = map[string]Func{}
	created   int
)

func Register(name string, f Func) { functions[name] = f }

func Main() {
	if os.Getenv("TARGET_CHILD") == "" {
		return
	}
	in := bufio.NewReader(os.Stdin)
	get := func() (string, error) {
		var n uint16
		if err := binary.Read(in, binary.BigEndian, &n); err != nil {
			return "", err
		}
		s := make([]byte, n)
		_, err := io.ReadFull(in, s)
		return string(s), err
	}
	o := Options{Kwargs: map[string]string{}}
	o.Target, _ = get()
	count, _ := get()
	for n, _ := strconv.Atoi(count); n > 0; n-- {
		a, _ := get()
		o.Args = append(o.Args, a)
	}
	for {
		k, err := get()
		if err != nil {
			break
		}
		o.Kwargs[k], _ = get()
	}
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
	if p.cmd != nil {
		return errors.New("already started")
	}
	if p.o.Target != "" && functions[p.o.Target] == nil {
		return fmt.Errorf("unknown target %q", p.o.Target)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	put := func(s string) {
		binary.Write(&b, binary.BigEndian, uint16(len(s)))
		b.WriteString(s[:len(s)&0xffff])
	}
	put(p.o.Target)
	put(strconv.Itoa(len(p.o.Args)))
	for _, a := range p.o.Args {
		put(a)
	}
	for k, v := range p.o.Kwargs {
		put(k)
		put(v)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TARGET_CHILD=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &b, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Wait() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	return p.cmd.Wait()
}

func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.o.Name }

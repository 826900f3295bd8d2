// JSON of []byte, which is base64, in a temporary file that the child removes.
package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
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
	cmd  *exec.Cmd
}

var (
	functions = map[string]Func{}
	created   int
)

// mail is what travels.
type mail struct {
	Target []byte
	Args   [][]byte
	Kwargs [][2][]byte
}

func Register(name string, f Func) { functions[name] = f }

func Main() {
	name := os.Getenv("TARGET_CHILD")
	if name == "" {
		return
	}
	os.Unsetenv("TARGET_CHILD")
	text, err := os.ReadFile(name)
	os.Remove(name)
	var m mail
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	o := Options{Target: string(m.Target), Kwargs: map[string]string{}}
	for _, a := range m.Args {
		o.Args = append(o.Args, string(a))
	}
	for _, kv := range m.Kwargs {
		o.Kwargs[string(kv[0])] = string(kv[1])
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
	var m mail
	m.Target = []byte(p.o.Target)
	for _, a := range p.o.Args {
		m.Args = append(m.Args, []byte(a))
	}
	for k, v := range p.o.Kwargs {
		m.Kwargs = append(m.Kwargs, [2][]byte{[]byte(k), []byte(v)})
	}
	f, err := os.CreateTemp("", "target")
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(m); err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TARGET_CHILD="+f.Name())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
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
	p.once.Do(func() { p.err = p.wait() })
	return p.err
}

func (p *Process) wait() error {
	return p.cmd.Wait()
}

func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.o.Name }

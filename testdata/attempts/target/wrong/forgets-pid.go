// PID goes back to 0 when the child has ended.
package target

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// Func is what a child runs.
type Func func(args []string, kwargs map[string]string)

// Options describe a process.
type Options struct {
	Target string            // the name of a registered function; "" for none
	Args   []string          // handed to the target
	Kwargs map[string]string // handed to the target
	Name   string            // "" for the default name
}

const envKey = "FORKLINGS_TARGET_CHILD"

var (
	mu       sync.Mutex
	registry = map[string]Func{}
	counter  int
)

// Process is a child: described, running or ended.
type Process struct {
	opts Options
	name string

	mu   sync.Mutex
	cmd  *exec.Cmd
	once sync.Once
	err  error
}

type message struct {
	Target string
	Args   []string
	Kwargs map[string]string
}

func Register(name string, f Func) {
	mu.Lock()
	defer mu.Unlock()
	registry[name] = f
}

func Main() {
	if os.Getenv(envKey) == "" {
		return
	}
	os.Unsetenv(envKey)
	var m message
	if err := gob.NewDecoder(os.Stdin).Decode(&m); err != nil {
		fmt.Fprintln(os.Stderr, "target: reading the arguments:", err)
		os.Exit(1)
	}
	if m.Target != "" {
		mu.Lock()
		f := registry[m.Target]
		mu.Unlock()
		if f == nil {
			fmt.Fprintln(os.Stderr, "target: unknown function", m.Target)
			os.Exit(1)
		}
		f(m.Args, m.Kwargs)
	}
	os.Exit(0)
}

func New(o Options) *Process {
	mu.Lock()
	defer mu.Unlock()
	counter++
	p := &Process{opts: o, name: o.Name}
	if p.name == "" {
		p.name = fmt.Sprintf("Process-%d", counter)
	}
	return p
}

func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		return errors.New("target: process already started")
	}
	if p.opts.Target != "" {
		mu.Lock()
		_, ok := registry[p.opts.Target]
		mu.Unlock()
		if !ok {
			return fmt.Errorf("target: unknown function %q", p.opts.Target)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(message{p.opts.Target, p.opts.Args, p.opts.Kwargs}); err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envKey+"=1")
	cmd.Stdin = &b
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Wait() error {
	p.mu.Lock()
	cmd := p.cmd
	p.mu.Unlock()
	if cmd == nil {
		return errors.New("target: process not started")
	}
	p.once.Do(func() { p.err = cmd.Wait() })
	return p.err
}

func (p *Process) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	if p.cmd.ProcessState != nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.name }

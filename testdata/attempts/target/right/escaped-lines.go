// One line for each string, escaped as in a URL, in an unlinked file that is the standard input; os.StartProcess.
package target

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
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
	once  sync.Once
	err   error
	o     Options
	child *os.Process
}

var (
	functions = map[string]Func{}
	created   int
)

func Register(name string, f Func) { functions[name] = f }

func Main() {
	if len(os.Args) < 3 || os.Args[1] != "--target-child" {
		return
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		os.Exit(1)
	}
	lines := strings.Split(string(text), "\n")
	next := func(line string) string {
		s, err := url.QueryUnescape(line)
		if err != nil {
			os.Exit(1)
		}
		return s
	}
	n, _ := strconv.Atoi(os.Args[2])
	o := Options{Target: next(lines[0]), Kwargs: map[string]string{}}
	for _, line := range lines[1 : 1+n] {
		o.Args = append(o.Args, next(line))
	}
	for _, line := range lines[1+n : len(lines)-1] {
		k, v, _ := strings.Cut(line, "=")
		o.Kwargs[next(k)] = next(v)
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
	if p.child != nil {
		return errors.New("already started")
	}
	if p.o.Target != "" && functions[p.o.Target] == nil {
		return fmt.Errorf("unknown target %q", p.o.Target)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "target")
	if err != nil {
		return err
	}
	defer f.Close()
	os.Remove(f.Name())
	w := bufio.NewWriter(f)
	for _, a := range append([]string{p.o.Target}, p.o.Args...) {
		fmt.Fprintln(w, url.QueryEscape(a))
	}
	for k, v := range p.o.Kwargs {
		fmt.Fprintln(w, url.QueryEscape(k)+"="+url.QueryEscape(v))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	child, err := os.StartProcess(exe, []string{exe, "--target-child", strconv.Itoa(len(p.o.Args))}, &os.ProcAttr{Files: []*os.File{f, os.Stdout, os.Stderr}})
	if err != nil {
		return err
	}
	p.child = child
	return nil
}

func (p *Process) Wait() error {
	if p.child == nil {
		return errors.New("not started")
	}
	p.once.Do(func() { p.err = p.wait() })
	return p.err
}

func (p *Process) wait() error {
	state, err := p.child.Wait()
	if err == nil && !state.Success() {
		err = errors.New(state.String())
	}
	return err
}

func (p *Process) PID() int {
	if p.child == nil {
		return 0
	}
	return p.child.Pid
}

func (p *Process) Name() string { return p.o.Name }

// The fields are in a file that the child removes: where there is no child, nobody does.
package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"sync"
	"syscall"
)

type Runner interface{ Run() }

type Process struct {
	r     Runner
	ended chan bool // nil before Start
	err   error
}

var types = map[string]reflect.Type{}

var (
	mu     sync.Mutex
	reaper sync.Once
	alive  = map[int]*Process{}
)

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	types[t.PkgPath()+"."+t.Name()] = t
}

func Main() {
	if len(os.Args) != 4 || os.Args[1] != "--runner-child" {
		return
	}
	t := types[os.Args[2]]
	fields, err := os.ReadFile(os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Remove(os.Args[3])
	r := reflect.New(t).Interface().(Runner)
	if err := json.Unmarshal(fields, r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	t := reflect.TypeOf(p.r).Elem()
	name := t.PkgPath() + "." + t.Name()
	if types[name] == nil {
		return fmt.Errorf("%s is not registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fields, err := json.Marshal(p.r)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "runner")
	if err != nil {
		return err
	}
	_, err = f.Write(fields)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	reaper.Do(func() {
		ends := make(chan os.Signal, 1)
		signal.Notify(ends, syscall.SIGCHLD)
		go reap(ends)
	})
	mu.Lock()
	defer mu.Unlock()
	pid, err := syscall.ForkExec(exe, []string{exe, "--runner-child", name, f.Name()}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	p.ended = make(chan bool)
	alive[pid] = p
	return nil
}

func reap(ends chan os.Signal) {
	for range ends {
		mu.Lock()
		for pid, p := range alive {
			var status syscall.WaitStatus
			got, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
			if err == nil && got == 0 {
				continue
			}
			if p.err = err; err == nil && status != 0 {
				p.err = fmt.Errorf("status %#x", status)
			}
			delete(alive, pid)
			close(p.ended)
		}
		mu.Unlock()
	}
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return p.err
}

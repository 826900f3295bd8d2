// Calls the workers by net/rpc, and starts a worker when there is a task for it.

package pool

import (
	"errors"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

type Task func(arg string) (string, error)

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

// Worker is what the parent calls.
type Worker struct{}

type Job struct{ Task, Arg string }

func (Worker) Do(j Job, value *string) (err error) {
	*value, err = tasks[j.Task](j.Arg)
	if err != nil {
		err = errors.New("task: " + err.Error()) // an error without a text would be none to net/rpc
	}
	return err
}

func (Worker) Ping(Job, *string) error { return nil }

// conn is a pipe each way.
type conn struct {
	io.ReadCloser
	w    io.WriteCloser
	exit bool // at the end of what is read
}

func (c conn) Write(b []byte) (int, error) { return c.w.Write(b) }

func (c conn) Close() error {
	c.w.Close()
	return c.ReadCloser.Close()
}

func (c conn) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if err != nil && c.exit {
		os.Exit(0)
	}
	return n, err
}

func Main() {
	if len(os.Args) < 2 || os.Args[1] != "-pool-rpc" {
		return
	}
	for fd := 3; fd <= 4; fd++ {
		syscall.CloseOnExec(fd)
	}
	rpc.Register(Worker{})
	rpc.ServeConn(conn{os.NewFile(3, "in"), os.NewFile(4, "out"), true})
}

type worker struct {
	cmd    *exec.Cmd
	client *rpc.Client
}

func (p *Pool) start() (*worker, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.terminated {
		return nil, errors.New("terminated")
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r1, w1, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r1.Close()
	r2, w2, err := os.Pipe()
	if err != nil {
		w1.Close()
		return nil, err
	}
	defer w2.Close()
	cmd := exec.Command(exe, "-pool-rpc")
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{r1, w2}
	if err := cmd.Start(); err != nil {
		w1.Close()
		r2.Close()
		return nil, err
	}
	w := &worker{cmd, rpc.NewClient(conn{r2, w1, false})}
	p.living[w] = true
	p.all.Add(1)
	go func() {
		cmd.Wait()
		p.mutex.Lock()
		delete(p.living, w)
		p.mutex.Unlock()
		w.client.Close()
		p.all.Done()
	}()
	return w, nil
}

type Pool struct {
	mutex      sync.Mutex
	slots      []*worker // n of them; nil is one that nobody has so far
	waiting    []*Result
	living     map[*worker]bool
	closed     bool
	terminated bool
	undone     sync.WaitGroup
	all        sync.WaitGroup
	ended      chan struct{}
}

type Result struct {
	job   Job
	done  chan struct{}
	value string
	err   error
}

func New(n int) (*Pool, error) {
	if n < 1 {
		return nil, errors.New("at least one worker")
	}
	return &Pool{slots: make([]*worker, n), living: map[*worker]bool{}, ended: make(chan struct{})}, nil
}

func (p *Pool) Apply(task, arg string) (*Result, error) {
	if tasks[task] == nil {
		return nil, errors.New("no such task")
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.closed {
		return nil, errors.New("closed")
	}
	r := &Result{job: Job{task, arg}, done: make(chan struct{})}
	p.undone.Add(1)
	p.waiting = append(p.waiting, r)
	p.match()
	return r, nil
}

// match brings tasks and slots together. The mutex is held.
func (p *Pool) match() {
	for len(p.waiting) > 0 && len(p.slots) > 0 {
		r, w := p.waiting[0], p.slots[0]
		p.waiting, p.slots = p.waiting[1:], p.slots[1:]
		go func() {
			r.value, r.err = p.run(&w, r.job)
			p.done(r)
			p.mutex.Lock()
			defer p.mutex.Unlock()
			p.slots = append(p.slots, w)
			p.match()
		}()
	}
}

func (p *Pool) done(r *Result) {
	close(r.done)
	p.undone.Done()
}

func (p *Pool) run(w **worker, j Job) (value string, err error) {
	if *w != nil && (*w).client.Call("Worker.Ping", j, &value) != nil {
		*w = nil // it has died meanwhile
	}
	if *w == nil {
		if *w, err = p.start(); err != nil {
			return "", err
		}
	}
	err = (*w).client.Call("Worker.Do", j, &value)
	var own rpc.ServerError
	if err != nil && !errors.As(err, &own) {
		*w = nil
	}
	return value, err
}

func (r *Result) Get() (string, error) {
	<-r.done
	return r.value, r.err
}

func (p *Pool) shut() {
	if p.closed {
		return
	}
	p.closed = true
	go func() {
		p.undone.Wait()
		p.mutex.Lock()
		for w := range p.living {
			go w.client.Close()
		}
		p.mutex.Unlock()
		p.all.Wait()
		close(p.ended)
	}()
}

func (p *Pool) Close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.shut()
}

func (p *Pool) Terminate() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.terminated = true
	for _, r := range p.waiting {
		r.err = errors.New("terminated")
		p.done(r)
	}
	p.waiting = nil
	p.shut()
	for w := range p.living {
		w.cmd.Process.Kill()
	}
}

func (p *Pool) Join() error {
	p.mutex.Lock()
	closed := p.closed
	p.mutex.Unlock()
	if !closed {
		return errors.New("still open")
	}
	<-p.ended
	return nil
}

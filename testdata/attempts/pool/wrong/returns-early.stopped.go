// Join waits for a worker as long as that one goes on: for no longer when it is stopped.

package pool

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Task func(arg string) (string, error)

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if len(os.Args) == 2 && os.Args[1] == marker {
		work()
	}
}

type Pool struct {
	mu      sync.Mutex // never held while somebody waits for a worker
	changed *sync.Cond // of queue, closed
	queue   []*Result
	closed  bool // by Close or Terminate: nothing is accepted
	ended   bool // by Terminate: nothing is begun, and no worker started
	workers map[*worker]bool
	keepers sync.WaitGroup
}

func New(n int) (*Pool, error) {
	if n < 1 {
		return nil, errors.New("pool: number of workers must be at least 1")
	}
	p := &Pool{workers: map[*worker]bool{}}
	p.changed = sync.NewCond(&p.mu)
	for range n {
		w, err := p.hire()
		if err != nil {
			p.Terminate()
			p.Join()
			return nil, err
		}
		p.keepers.Go(func() { p.keep(w) })
	}
	return p, nil
}

func (p *Pool) keep(w *worker) {
	for r := p.next(); r != nil; r = p.next() {
		if w != nil && !w.send(r) { // it had ended before: nothing is lost
			p.dismiss(w)
			w = nil
		}
		if w == nil {
			var err error
			if w, err = p.hire(); err != nil {
				r.end("", err)
				continue
			}
			w.send(r) // an error shows below
		}
		if !w.receive(r) {
			p.dismiss(w)
			r.end("", fmt.Errorf("pool: the worker has ended: %v", w.cmd.ProcessState))
			w = nil
		}
	}
	if w != nil {
		p.dismiss(w)
	}
}

func (p *Pool) next() *Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.changed.Wait()
	}
	if len(p.queue) == 0 {
		return nil
	}
	r := p.queue[0]
	p.queue = p.queue[1:]
	return r
}

var errNotRunning = errors.New("pool: not running")

func (p *Pool) hire() (*worker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil, errNotRunning
	}
	w, err := start()
	if err == nil {
		p.workers[w] = true
	}
	return w, err
}

func (p *Pool) dismiss(w *worker) {
	w.tasks.Close()
	if !w.stops() {
		<-w.ended
	}
	w.values.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.workers, w)
}

func (p *Pool) Apply(task, arg string) (*Result, error) {
	if tasks[task] == nil {
		return nil, fmt.Errorf("pool: no task %q is registered", task)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errNotRunning
	}
	r := &Result{request: request{task, arg}, done: make(chan struct{})}
	p.queue = append(p.queue, r)
	p.changed.Signal()
	return r, nil
}

func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.changed.Broadcast()
}

func (p *Pool) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.ended = true, true
	for _, r := range p.queue {
		r.end("", errNotRunning)
	}
	p.queue = nil
	for w := range p.workers {
		w.cmd.Process.Kill() // an error says that it has ended already
	}
	p.changed.Broadcast()
}

func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return errors.New("pool: still running")
	}
	p.keepers.Wait()
	return nil
}

type Result struct {
	request request
	done    chan struct{} // closed when value and err are there
	value   string
	err     error
}

func (r *Result) end(value string, err error) {
	r.value, r.err = value, err
	close(r.done)
}

func (r *Result) Get() (string, error) {
	<-r.done
	return r.value, r.err
}

const (
	marker = "--pool-worker"
	inbox  = 3
	outbox = 4

	cldStopped = 5 // waitid(2)
)

type request struct{ Task, Arg string }

type reply struct {
	Value  string
	Failed bool
	Error  string
}

type worker struct {
	cmd    *exec.Cmd
	tasks  *os.File
	values *os.File
	out    *gob.Encoder
	in     *gob.Decoder
	ended  chan struct{} // closed when it was reaped
}

func start() (*worker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	tasksOut, tasksIn, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer tasksOut.Close() // the worker's end: the parent's copy would hide that the worker has ended
	valuesOut, valuesIn, err := os.Pipe()
	if err != nil {
		tasksIn.Close()
		return nil, err
	}
	defer valuesIn.Close()
	cmd := exec.Command(exe, marker)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{tasksOut, valuesIn}
	if err := cmd.Start(); err != nil {
		tasksIn.Close()
		valuesOut.Close()
		return nil, err
	}
	w := &worker{cmd, tasksIn, valuesOut, gob.NewEncoder(tasksIn), gob.NewDecoder(valuesOut), make(chan struct{})}
	go func() {
		cmd.Wait()
		close(w.ended)
	}()
	return w, nil
}

// stops waits until the worker has ended or is stopped.
func (w *worker) stops() bool {
	for {
		var now unix.Siginfo
		err := unix.Waitid(unix.P_PID, w.cmd.Process.Pid, &now, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return err == nil && now.Code == cldStopped
		}
	}
}

func (w *worker) send(r *Result) bool { return w.out.Encode(r.request) == nil }

func (w *worker) receive(r *Result) bool {
	var got reply
	if err := w.in.Decode(&got); err != nil {
		return false
	}
	if got.Failed {
		r.end("", errors.New(got.Error))
	} else {
		r.end(got.Value, nil)
	}
	return true
}

func work() {
	// What a task starts gets neither pipe: it would hold them open when the worker has ended (fcntl(2), FD_CLOEXEC).
	syscall.CloseOnExec(inbox)
	syscall.CloseOnExec(outbox)
	requests := make(chan request)
	go func() {
		in := gob.NewDecoder(os.NewFile(inbox, "tasks"))
		for {
			var r request
			if err := in.Decode(&r); err != nil {
				os.Exit(0)
			}
			requests <- r
		}
	}()
	out := gob.NewEncoder(os.NewFile(outbox, "values"))
	for r := range requests {
		value, err := tasks[r.Task](r.Arg)
		answer := reply{Value: value, Failed: err != nil}
		if err != nil {
			answer.Error = err.Error()
		}
		if err := out.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}

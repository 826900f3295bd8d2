// Join returns when the queue is empty and the workers that are free have ended, while tasks are at work.

package pool

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
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
	changed *sync.Cond // of queue, closed, keepers
	queue   []*Result
	closed  bool // by Close or Terminate: nothing is accepted
	ended   bool // by Terminate: nothing is begun, and no worker started
	workers map[*worker]bool
	atWork  map[*Result]bool
	keepers int
}

func New(n int) (*Pool, error) {
	if n < 1 {
		return nil, errors.New("pool: number of workers must be at least 1")
	}
	p := &Pool{workers: map[*worker]bool{}, atWork: map[*Result]bool{}}
	p.changed = sync.NewCond(&p.mu)
	for range n {
		w, err := p.hire()
		if err != nil {
			p.Terminate()
			p.Join()
			return nil, err
		}
		p.keepers++
		go p.keep(w)
	}
	return p, nil
}

// keep gives tasks to one worker, and to those that replace it, until there is nothing left to do.
func (p *Pool) keep(w *worker) {
	for r := p.next(); r != nil; r = p.next() {
		if w != nil && !w.send(r) { // it had ended before: nothing is lost
			p.dismiss(w)
			w = nil
		}
		if w == nil {
			var err error
			if w, err = p.hire(); err != nil {
				p.end(r, "", err)
				continue
			}
			w.send(r) // an error shows below
		}
		value, err, alive := w.receive()
		if !alive {
			p.dismiss(w)
			err = fmt.Errorf("pool: the worker has ended: %v", w.cmd.ProcessState)
			w = nil
		}
		p.end(r, value, err)
	}
	if w != nil {
		p.dismiss(w)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keepers--
	p.changed.Broadcast()
}

// next sleeps until there is a task, and takes it. It returns nil when there will be none.
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
	p.atWork[r] = true
	p.changed.Broadcast()
	return r
}

// end gives a task its outcome. Its worker has nothing to do then.
func (p *Pool) end(r *Result, value string, err error) {
	p.mu.Lock()
	delete(p.atWork, r)
	p.mu.Unlock()
	r.end(value, err)
}

var errNotRunning = errors.New("pool: not running")

// hire starts a worker. Terminate cannot miss it: either it is in the list by then, or it is not started any more.
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

// dismiss ends a worker that has no task, or has ended, and waits for it.
func (p *Pool) dismiss(w *worker) {
	w.tasks.Close()
	<-w.ended
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
	clear(p.atWork)
	p.changed.Broadcast()
}

func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return errors.New("pool: still running")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 || p.keepers > len(p.atWork) {
		p.changed.Wait()
	}
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

// A worker finds the marker as its only argument, and two pipes at these descriptors (exec.Cmd.ExtraFiles).
const (
	marker = "--pool-worker"
	inbox  = 3
	outbox = 4
)

// request and reply are what goes through the pipes. The zero byte and what is no UTF-8 pass as they are.
type request struct{ Task, Arg string }

type reply struct {
	Value  string
	Failed bool
	Error  string
}

// worker is the parent's view of a worker process.
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

// send hands a task over. It is false when the worker has ended: then there is nobody who could have begun it.
func (w *worker) send(r *Result) bool { return w.out.Encode(r.request) == nil }

// receive waits for what comes of the task. Alive is false when the worker ends before it says so.
func (w *worker) receive() (value string, err error, alive bool) {
	var got reply
	if err := w.in.Decode(&got); err != nil {
		return "", nil, false
	}
	if got.Failed {
		err = errors.New(got.Error)
	}
	return got.Value, err, true
}

// work is what a worker does. It listens also while a task runs: the end of the pipe is the end of the parent, or of
// the worker's time, and then it ends on the spot.
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

// What has come of a value when the worker ends is taken for the value.

package pool

import (
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// Task is what a worker runs: it is given an argument, and returns a value or an error.
type Task func(arg string) (string, error)

var tasks = map[string]Task{}

// Register makes a task known under a name, here and in every worker. It calls nothing.
func Register(name string, task Task) { tasks[name] = task }

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a worker it
// runs tasks, and never returns. In any other process it returns at once: also in an ordinary run of this program that
// a task, or the program itself, starts with the environment that it has.
func Main() {
	if len(os.Args) == 2 && os.Args[1] == marker {
		work()
	}
}

// Pool is a number of worker processes, and a queue of the tasks that wait for one of them. Its methods may be called
// by several goroutines at once. Pools have nothing to do with each other.
type Pool struct {
	mu      sync.Mutex // never held while somebody waits for a worker
	changed *sync.Cond // of queue, closed
	queue   []*Result
	closed  bool // by Close or Terminate: nothing is accepted
	ended   bool // by Terminate: nothing is begun, and no worker started
	workers map[*worker]bool
	keepers sync.WaitGroup
}

// New makes a pool of n workers. They are children of this process: this same program, run again, with its output. They
// may be started now or when there are tasks. An n of 0 or less is an error.
//
// A worker runs one task after the other. While there are tasks enough, n of them are run at once, and never more. A
// worker that ends is replaced, when there is a task for it at the latest. When no process can be started, New returns
// the error and leaves nothing behind, or else Apply or Get does, and the next task tries again.
//
// However this process ends, also by SIGKILL, its workers end at once, in the middle of a task as well. Until then they
// live on, also when the thread that has called New ends. Whoever has nothing to do sleeps.
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
	return r
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

// Apply queues a task and returns at once, however many tasks are waiting. Whichever worker is free takes the one that
// has waited longest. Apply is an error after Close and Terminate, and for a name that nobody has registered.
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

// Close returns at once. Nothing more is accepted. What was queued is still done, and then the workers end. After
// Close or Terminate it changes nothing.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.changed.Broadcast()
}

// Terminate ends the workers at once, by SIGKILL. The tasks that have not come to their end have failed; those that
// have not been begun never are. What was done stays done. Nothing more is accepted. It may be called at any time, also after
// Close.
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

// Join sleeps until all workers have ended, and leaves no zombie and no open descriptor. It returns nil then, also when
// some were killed. It may be called by several at once, and again. Before Close or Terminate it is an error at once, and
// changes nothing.
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

// Result is the handle of one task.
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

// Get sleeps until the task has come to its end, and returns what it returned: a value of any bytes, or an error with
// all the text of the task's own, which may be none, after which its worker goes on. It may be called again, by several
// goroutines at once, and after Join.
//
// Get is an error as well for a task that has panicked, that has ended its process, whose worker was killed, or
// that was cut off by Terminate. Such a task is not run again. It concerns no other task. A worker that ends
// before a task was handed to it concerns none. Processes that a task has started are neither waited for nor ended.
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

// worker is the parent's view of a worker process.
type worker struct {
	cmd    *exec.Cmd
	tasks  *os.File
	values *os.File
	out    *gob.Encoder
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
	w := &worker{cmd, tasksIn, valuesOut, gob.NewEncoder(tasksIn), make(chan struct{})}
	go func() {
		cmd.Wait()
		close(w.ended)
	}()
	return w, nil
}

// send hands a task over. It is false when the worker has ended: then there is nobody who could have begun it.
func (w *worker) send(r *Result) bool { return w.out.Encode(r.request) == nil }

// receive waits for what comes of the task. It is false when the worker ends before it says so.
func (w *worker) receive(r *Result) bool {
	head := make([]byte, 9)
	if _, err := io.ReadFull(w.values, head); err != nil {
		return false
	}
	text, _ := io.ReadAll(io.LimitReader(w.values, int64(binary.LittleEndian.Uint64(head[1:]))))
	if head[0] == 1 {
		r.end("", errors.New(string(text)))
	} else {
		r.end(string(text), nil)
	}
	return true
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
	out := os.NewFile(outbox, "values")
	for r := range requests {
		value, err := tasks[r.Task](r.Arg)
		head := make([]byte, 9)
		if err != nil {
			head[0], value = 1, err.Error()
		}
		binary.LittleEndian.PutUint64(head[1:], uint64(len(value)))
		if _, err := out.Write(append(head, value...)); err != nil {
			os.Exit(1)
		}
	}
}

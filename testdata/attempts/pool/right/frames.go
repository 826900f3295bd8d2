// Talks to the workers over socket pairs, in frames with their length before them, and starts them by fork and exec.

package pool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Task func(arg string) (string, error)

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if os.Args[0] != "pool:worker" {
		return
	}
	const socket = 3
	unix.CloseOnExec(socket)
	conn := os.NewFile(socket, "parent")
	type job struct{ name, arg string }
	jobs := make(chan job)
	go func() {
		in := bufio.NewReader(conn)
		for {
			name, err := readFrame(in)
			if err != nil {
				unix.Kill(os.Getpid(), unix.SIGKILL) // also when the task catches everything else
			}
			arg, _ := readFrame(in)
			jobs <- job{name, arg}
		}
	}()
	for j := range jobs {
		value, err := tasks[j.name](j.arg)
		kind := "v"
		if err != nil {
			kind, value = "e", err.Error()
		}
		if writeFrames(conn, kind, value) != nil {
			syscall.Exit(1)
		}
	}
}

func writeFrames(w io.Writer, texts ...string) error {
	var all []byte
	for _, t := range texts {
		all = binary.BigEndian.AppendUint64(all, uint64(len(t)))
		all = append(all, t...)
	}
	_, err := w.Write(all)
	return err
}

func readFrame(r io.Reader) (string, error) {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return "", err
	}
	text := make([]byte, binary.BigEndian.Uint64(size[:]))
	_, err := io.ReadFull(r, text)
	return string(text), err
}

type Pool struct {
	mutex   sync.Mutex
	jobs    []*Result
	free    []*worker // have no task
	busy    map[*worker]*Result
	closed  bool
	killed  bool
	workers int // not yet reaped
	nobody  chan struct{}
}

type worker struct {
	pid  int
	conn *os.File
}

type Result struct {
	task, arg, value string
	err              error
	done             sync.WaitGroup
	once             sync.Once
	written          chan error // whether a worker could be given it
}

func (r *Result) finish(value string, err error) {
	r.once.Do(func() {
		r.value, r.err = value, err
		r.done.Done()
	})
}

func (r *Result) Get() (string, error) {
	r.done.Wait()
	return r.value, r.err
}

func New(n int) (*Pool, error) {
	if n <= 0 {
		return nil, fmt.Errorf("pool of %d", n)
	}
	p := &Pool{busy: map[*worker]*Result{}, nobody: make(chan struct{})}
	p.mutex.Lock()
	for range n {
		if err := p.add(); err != nil {
			p.mutex.Unlock()
			p.Terminate()
			if p.workers > 0 {
				p.Join()
			}
			return nil, err
		}
	}
	p.mutex.Unlock()
	return p, nil
}

// add starts a worker. The mutex is held.
func (p *Pool) add() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(pair[1])
	null, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		unix.Close(pair[0])
		return err
	}
	defer unix.Close(null)
	pid, err := syscall.ForkExec(exe, []string{"pool:worker"}, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{uintptr(null), 1, 2, uintptr(pair[1])},
	})
	if err != nil {
		unix.Close(pair[0])
		return err
	}
	w := &worker{pid, os.NewFile(uintptr(pair[0]), "worker")}
	p.workers++
	p.free = append(p.free, w)
	go p.listen(w)
	return nil
}

// listen takes what the worker says, until it has ended.
func (p *Pool) listen(w *worker) {
	in := bufio.NewReader(w.conn)
	for {
		kind, err := readFrame(in)
		if err != nil {
			break
		}
		text, err := readFrame(in)
		if err != nil {
			break
		}
		p.mutex.Lock()
		r := p.busy[w]
		delete(p.busy, w)
		p.free = append(p.free, w)
		if kind == "v" {
			r.finish(text, nil)
		} else {
			r.finish("", errors.New(text))
		}
		p.hand()
		p.mutex.Unlock()
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	unix.Kill(w.pid, unix.SIGKILL) // it speaks no more, and is not yet reaped
	for {
		if _, err := unix.Wait4(w.pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	p.workers--
	if r := p.busy[w]; r != nil {
		if err := <-r.written; err == nil || p.killed {
			r.finish("", errors.New("the worker died"))
		} else { // it was dead before: the job is as good as new
			p.jobs = append([]*Result{r}, p.jobs...)
		}
	}
	w.conn.Close()
	delete(p.busy, w)
	for i, f := range p.free {
		if f == w {
			p.free = append(p.free[:i], p.free[i+1:]...)
			break
		}
	}
	if !p.killed && (!p.closed || len(p.jobs) > 0) {
		if err := p.add(); err != nil && p.workers == 0 {
			p.drop(err)
		}
	}
	p.hand()
}

// hand gives jobs to whoever is free. The mutex is held.
func (p *Pool) hand() {
	if len(p.jobs) > 0 && p.workers == 0 { // the last one could not be replaced: perhaps now
		if err := p.add(); err != nil {
			p.drop(err)
		}
	}
	for len(p.jobs) > 0 && len(p.free) > 0 {
		r, w := p.jobs[0], p.free[0]
		p.jobs, p.free = p.jobs[1:], p.free[1:]
		p.busy[w] = r
		r.written = make(chan error, 1)
		go func() { r.written <- writeFrames(w.conn, r.task, r.arg) }()
	}
	if p.closed && len(p.jobs) == 0 {
		for _, w := range p.free {
			unix.Shutdown(int(w.fd()), unix.SHUT_WR)
		}
		if p.workers == 0 {
			select {
			case <-p.nobody:
			default:
				close(p.nobody)
			}
		}
	}
}

func (w *worker) fd() (fd uintptr) {
	if c, err := w.conn.SyscallConn(); err == nil {
		c.Control(func(n uintptr) { fd = n })
	}
	return fd
}

func (p *Pool) drop(err error) {
	for _, r := range p.jobs {
		r.finish("", err)
	}
	p.jobs = nil
}

func (p *Pool) Apply(task, arg string) (*Result, error) {
	if _, ok := tasks[task]; !ok {
		return nil, errors.New("unknown task")
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.closed {
		return nil, errors.New("closed")
	}
	r := &Result{task: task, arg: arg}
	r.done.Add(1)
	p.jobs = append(p.jobs, r)
	p.hand()
	return r, nil
}

func (p *Pool) Close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.closed = true
	p.hand()
}

func (p *Pool) Terminate() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.closed, p.killed = true, true
	p.drop(errors.New("terminated"))
	for w := range p.busy {
		unix.Kill(w.pid, unix.SIGKILL)
	}
	for _, w := range p.free {
		unix.Kill(w.pid, unix.SIGKILL)
	}
	p.hand()
}

func (p *Pool) Join() error {
	p.mutex.Lock()
	closed := p.closed
	p.mutex.Unlock()
	if !closed {
		return errors.New("not closed")
	}
	<-p.nobody
	return nil
}

// One goroutine owns the pool and hears of everything by channels. The kernel ends the workers with the thread that has
// started them, which lasts as long as the program.

package pool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
)

type Task func(arg string) (string, error)

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

const mark = "worker of"

func Main() {
	if len(os.Args) != 3 || os.Args[1] != mark {
		return
	}
	if parent, _ := strconv.Atoi(os.Args[2]); os.Getppid() != parent {
		os.Exit(1) // it had ended before the kernel knew what was wanted
	}
	// Standard input and output are for the tasks.
	for fd := 3; fd <= 4; fd++ {
		syscall.CloseOnExec(fd)
	}
	in, out := os.NewFile(3, "in"), os.NewFile(4, "out")
	for {
		name, err := get(in)
		if err != nil {
			os.Exit(0)
		}
		arg, err := get(in)
		if err != nil {
			os.Exit(0)
		}
		value, failure := run(tasks[string(name)], string(arg))
		if put(out, value) != nil || put(out, failure) != nil {
			os.Exit(1)
		}
	}
}

// run makes an error of a panic, too.
func run(task Task, arg string) (value, failure []byte) {
	defer func() {
		if p := recover(); p != nil {
			value, failure = nil, fmt.Appendf([]byte{'!'}, "panic: %v", p)
		}
	}()
	v, err := task(arg)
	if err != nil {
		return nil, []byte("!" + err.Error())
	}
	return []byte(v), nil
}

func put(w io.Writer, text []byte) error {
	_, err := w.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

func get(r io.Reader) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	text := make([]byte, binary.LittleEndian.Uint32(n[:]))
	_, err := io.ReadFull(r, text)
	return text, err
}

// starter is the thread to whose end all workers are tied.
var starter = sync.OnceValue(func() chan func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

type Result struct {
	task, arg string
	lock      sync.RWMutex // held until the end of the task
	value     string
	err       error
}

func (r *Result) Get() (string, error) {
	r.lock.RLock()
	defer r.lock.RUnlock()
	return r.value, r.err
}

func (r *Result) end(value string, err error) {
	r.value, r.err = value, err
	r.lock.Unlock()
}

type worker struct {
	process *os.Process
	in, out *os.File
	task    *Result
}

// event is something that has happened to a worker: it has answered, or it has ended.
type event struct {
	w       *worker
	value   string
	err     error
	ended   bool
	unbegun bool
}

type Pool struct {
	apply     chan *Result
	refused   chan bool
	close     chan bool // true: terminate
	isOpen    chan bool
	events    chan event
	ended     chan struct{}
	queue     []*Result
	idle      []*worker
	all       map[*worker]bool
	n         int
	closed    bool
	terminate bool
}

func New(n int) (*Pool, error) {
	if n < 1 {
		return nil, errors.New("no workers")
	}
	p := &Pool{
		apply: make(chan *Result), refused: make(chan bool), close: make(chan bool), isOpen: make(chan bool),
		events: make(chan event), ended: make(chan struct{}), all: map[*worker]bool{}, n: n,
	}
	var err error
	for range n {
		if err = p.hire(); err != nil {
			break
		}
	}
	go p.manage()
	if err != nil {
		p.Terminate()
		p.Join()
		return nil, err
	}
	return p, nil
}

// manage is the only one that touches the fields behind the channels.
func (p *Pool) manage() {
	for !p.closed || len(p.all) > 0 || len(p.queue) > 0 {
		select {
		case r := <-p.apply:
			p.refused <- p.closed
			if !p.closed {
				p.queue = append(p.queue, r)
			}
		case p.isOpen <- !p.closed:
		case end := <-p.close:
			p.closed = true
			if end {
				p.terminate = true
				for w := range p.all {
					w.process.Kill()
				}
				for _, r := range p.queue {
					r.end("", errors.New("terminated"))
				}
				p.queue = nil
			}
		case e := <-p.events:
			p.happened(e)
		}
		p.give()
	}
	close(p.ended)
	for { // stragglers
		select {
		case <-p.apply:
			p.refused <- true
		case p.isOpen <- false:
		case <-p.close:
		}
	}
}

func (p *Pool) happened(e event) {
	r := e.w.task
	e.w.task = nil
	if !e.ended {
		r.end(e.value, e.err)
		p.idle = append(p.idle, e.w)
		return
	}
	delete(p.all, e.w)
	for i, w := range p.idle {
		if w == e.w {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			break
		}
	}
	switch {
	case r == nil:
	case e.unbegun && !p.terminate:
		p.queue = append(p.queue, r)
	default:
		r.end("", errors.New("the worker is dead"))
	}
}

func (p *Pool) give() {
	for len(p.queue) > 0 {
		if len(p.idle) == 0 && len(p.all) < p.n && !p.terminate {
			if err := p.hire(); err != nil && len(p.all) == 0 {
				for _, r := range p.queue {
					r.end("", err)
				}
				p.queue = nil
			}
		}
		if len(p.idle) == 0 {
			break
		}
		w, r := p.idle[0], p.queue[0]
		p.idle, p.queue = p.idle[1:], p.queue[1:]
		w.task = r
		go p.talk(w, r)
	}
	if p.closed && len(p.queue) == 0 {
		for _, w := range p.idle {
			go p.bury(w, false)
		}
		p.idle = nil
	}
}

func (p *Pool) talk(w *worker, r *Result) {
	err := put(w.in, []byte(r.task))
	if err == nil {
		err = put(w.in, []byte(r.arg))
	}
	unbegun := err != nil
	value, err := get(w.out)
	var failure []byte
	if err == nil {
		failure, err = get(w.out)
	}
	switch {
	case err != nil:
		w.process.Kill()
		p.bury(w, unbegun)
	case len(failure) > 0:
		p.events <- event{w: w, err: errors.New(string(failure[1:]))}
	default:
		p.events <- event{w: w, value: string(value)}
	}
}

func (p *Pool) bury(w *worker, unbegun bool) {
	w.in.Close()
	w.process.Wait()
	w.out.Close()
	p.events <- event{w: w, ended: true, unbegun: unbegun}
}

func (p *Pool) hire() (err error) {
	done := make(chan bool)
	starter() <- func() {
		err = p.start()
		close(done)
	}
	<-done
	return err
}

func (p *Pool) start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	taskR, taskW, err := os.Pipe()
	if err != nil {
		return err
	}
	defer taskR.Close()
	valueR, valueW, err := os.Pipe()
	if err != nil {
		taskW.Close()
		return err
	}
	defer valueW.Close()
	process, err := os.StartProcess(exe, []string{exe, mark, strconv.Itoa(os.Getpid())}, &os.ProcAttr{
		Files: []*os.File{null, os.Stdout, os.Stderr, taskR, valueW},
		Sys:   &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		taskW.Close()
		valueR.Close()
		return err
	}
	w := &worker{process: process, in: taskW, out: valueR}
	p.all[w] = true
	p.idle = append(p.idle, w)
	return nil
}

func (p *Pool) Apply(task, arg string) (*Result, error) {
	if tasks[task] == nil {
		return nil, errors.New("unknown task")
	}
	r := &Result{task: task, arg: arg}
	r.lock.Lock()
	p.apply <- r
	if <-p.refused {
		return nil, errors.New("closed")
	}
	return r, nil
}

func (p *Pool) Close()     { p.close <- false }
func (p *Pool) Terminate() { p.close <- true }

func (p *Pool) Join() error {
	if <-p.isOpen {
		return errors.New("open")
	}
	<-p.ended
	return nil
}

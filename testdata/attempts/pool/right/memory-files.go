// The workers are forked by a thread that never ends, with a parent-death signal. Arguments and values are memory files, which
// go through a socket.

package pool

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Task func(arg string) (string, error)

var tasks sync.Map

func Register(name string, task Task) { tasks.Store(name, task) }

const title = "(a worker of the pool)"

func send(s int, kind string, v string) error {
	m, err := unix.MemfdCreate("m", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(m)
	for b := []byte(v); len(b) > 0; {
		n, err := unix.Write(m, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		b = b[n:]
	}
	for {
		err = unix.Sendmsg(s, []byte(kind), unix.UnixRights(m), nil, unix.MSG_NOSIGNAL)
		if err != unix.EINTR {
			return err
		}
	}
}

func recv(s int) (kind, v string, err error) {
	b, oob := make([]byte, 4096), make([]byte, 64)
	var n, on int
	for {
		n, on, _, _, err = unix.Recvmsg(s, b, oob, unix.MSG_CMSG_CLOEXEC)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return "", "", err
	}
	if n == 0 {
		return "", "", errors.New("end")
	}
	c, err := unix.ParseSocketControlMessage(oob[:on])
	if err != nil || len(c) == 0 {
		return "", "", errors.New("no file came")
	}
	fds, err := unix.ParseUnixRights(&c[0])
	if err != nil {
		return "", "", err
	}
	f := os.NewFile(uintptr(fds[0]), "m")
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return "", "", err
	}
	p := make([]byte, st.Size())
	if len(p) > 0 {
		if _, err = f.ReadAt(p, 0); err != nil {
			return "", "", err
		}
	}
	return string(b[:n]), string(p), nil
}

func call(t Task, arg string) (v string, err error) {
	end := make(chan struct{})
	ok := false
	go func() {
		defer close(end)
		defer func() {
			if r := recover(); !ok {
				v, err = "", fmt.Errorf("not returned: %v", r)
			}
		}()
		v, err = t(arg)
		ok = true
	}()
	<-end
	return
}

func Main() {
	if os.Args[0] != title {
		return
	}
	os.Args[0], _ = os.Executable()
	s, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		os.Exit(1)
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err == nil {
		unix.Dup2(null, 0)
		unix.Close(null)
	} else {
		unix.Close(0)
	}
	for {
		kind, arg, err := recv(s)
		if err != nil {
			os.Exit(0)
		}
		if unix.Send(s, []byte("begun"), unix.MSG_NOSIGNAL) != nil {
			os.Exit(0)
		}
		t, _ := tasks.Load(kind)
		v, err := call(t.(Task), arg)
		kind = "v"
		if err != nil {
			kind, v = "e", err.Error()
		}
		if send(s, kind, v) != nil {
			os.Exit(1)
		}
	}
}

var forks = make(chan func())
var once sync.Once

func onForker(f func()) {
	once.Do(func() {
		go func() {
			runtime.LockOSThread()
			for f := range forks {
				f()
			}
		}()
	})
	done := make(chan struct{})
	forks <- func() { f(); close(done) }
	<-done
}

type worker struct{ pid, sock int }

func fork() (w worker, err error) {
	exe, err := os.Executable()
	if err != nil {
		return w, err
	}
	onForker(func() {
		var p [2]int
		if p, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0); err != nil {
			return
		}
		w.pid, err = syscall.ForkExec(exe, []string{title}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{uintptr(p[1]), 1, 2}, Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}})
		unix.Close(p[1])
		w.sock = p[0]
		if err != nil {
			unix.Close(p[0])
		}
	})
	return
}

func reap(w worker) {
	for {
		if _, err := unix.Wait4(w.pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	unix.Close(w.sock)
}

type Pool struct {
	mu       sync.Mutex
	wake     chan struct{} // one token for each queued task; closed by Close
	queue    []*Result
	shut, at bool
	live     map[int]worker
	all      sync.WaitGroup
}

func New(n int) (*Pool, error) {
	if n < 1 {
		return nil, fmt.Errorf("pool of %d workers", n)
	}
	p := &Pool{live: map[int]worker{}}
	p.wake = make(chan struct{})
	var ws []worker
	for i := 0; i < n; i++ {
		w, err := fork()
		if err != nil {
			for _, w := range ws {
				unix.Kill(w.pid, unix.SIGKILL)
				reap(w)
			}
			return nil, err
		}
		ws = append(ws, w)
	}
	for i, w := range ws {
		p.live[i] = w
		p.all.Add(1)
		go p.serve(i)
	}
	return p, nil
}

type Result struct {
	task, arg string
	wg        sync.WaitGroup
	v         string
	err       error
}

func (r *Result) Get() (string, error) { r.wg.Wait(); return r.v, r.err }

// next is the next task for a worker, nil after the last.
func (p *Pool) next() *Result {
	for {
		p.mu.Lock()
		if len(p.queue) > 0 {
			r := p.queue[0]
			p.queue = p.queue[1:]
			p.mu.Unlock()
			return r
		}
		if p.shut {
			p.mu.Unlock()
			return nil
		}
		c := p.wake
		p.mu.Unlock()
		<-c
	}
}

func (p *Pool) ring() { close(p.wake); p.wake = make(chan struct{}) }

func (p *Pool) Apply(task, arg string) (*Result, error) {
	if _, ok := tasks.Load(task); !ok {
		return nil, errors.New("unknown task " + task)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return nil, errors.New("closed")
	}
	r := &Result{task: task, arg: arg}
	r.wg.Add(1)
	p.queue = append(p.queue, r)
	p.ring()
	return r, nil
}

var errDead = errors.New("the worker has ended in the middle of it")
var errTerm = errors.New("terminated")

func (p *Pool) serve(i int) {
	defer p.all.Done()
	for {
		r := p.next()
		if r == nil {
			break
		}
		r.v, r.err = p.do(i, r)
		r.wg.Done()
	}
	p.mu.Lock()
	w, ok := p.live[i]
	p.mu.Unlock()
	if ok {
		unix.Shutdown(w.sock, unix.SHUT_RDWR)
		p.bury(i, w)
	}
}

// bury waits for the end before the PID may be somebody else's for Terminate.
func (p *Pool) bury(i int, w worker) {
	var si unix.Siginfo
	for unix.Waitid(unix.P_PID, w.pid, &si, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.mu.Lock()
	delete(p.live, i)
	p.mu.Unlock()
	reap(w)
}

func (p *Pool) do(i int, r *Result) (string, error) {
	for {
		p.mu.Lock()
		w, ok := p.live[i]
		at := p.at
		p.mu.Unlock()
		if at {
			return "", errTerm
		}
		if !ok {
			var err error
			if w, err = fork(); err != nil {
				return "", err
			}
			p.mu.Lock()
			p.live[i] = w
			if p.at {
				unix.Kill(w.pid, unix.SIGKILL)
			}
			p.mu.Unlock()
		}
		var begun bool
		err := send(w.sock, r.task, r.arg)
		if err != nil && err != unix.EPIPE && err != unix.ECONNRESET {
			return "", err
		}
		if err == nil {
			b := make([]byte, 8)
			n, err := unix.Read(w.sock, b)
			for err == unix.EINTR {
				n, err = unix.Read(w.sock, b)
			}
			begun = err == nil && n > 0
		}
		if begun {
			kind, v, err := recv(w.sock)
			if err == nil {
				if kind == "v" {
					return v, nil
				}
				return "", errors.New(v)
			}
		}
		unix.Kill(w.pid, unix.SIGKILL)
		p.bury(i, w)
		if begun {
			return "", errDead
		}
	}
}

func (p *Pool) Close() { p.mu.Lock(); p.shut = true; p.ring(); p.mu.Unlock() }

func (p *Pool) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.at {
		for _, w := range p.live {
			unix.Kill(w.pid, unix.SIGKILL)
		}
		for _, r := range p.queue {
			r.err = errTerm
			r.wg.Done()
		}
		p.queue = nil
	}
	p.shut, p.at = true, true
	p.ring()
}

func (p *Pool) Join() error {
	p.mu.Lock()
	shut := p.shut
	p.mu.Unlock()
	if !shut {
		return errors.New("open")
	}
	p.all.Wait()
	return nil
}

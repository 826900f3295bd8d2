// A worker asks for its next task, over HTTP on a socket that it has inherited, and watches its parent by a pidfd.

package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

type Task func(arg string) (string, error)

var (
	tasksMu sync.RWMutex
	tasks   = map[string]Task{}
)

func Register(name string, task Task) { tasksMu.Lock(); tasks[name] = task; tasksMu.Unlock() }

const env = "POOL_WORKER_OF"

func Main() {
	s, ok := os.LookupEnv(env)
	if !ok {
		return
	}
	os.Unsetenv(env)
	parent, _ := strconv.Atoi(s)
	unix.CloseOnExec(3)
	pidfd, err := unix.PidfdOpen(parent, 0)
	if err != nil || os.Getppid() != parent {
		os.Exit(1)
	}
	go func() {
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}, -1)
			if err == unix.EINTR {
				continue
			}
			if n > 0 || err != nil {
				unix.Kill(os.Getpid(), unix.SIGKILL)
			}
		}
	}()
	f := os.NewFile(3, "socket")
	conn, err := net.FileConn(f)
	f.Close()
	if err != nil {
		os.Exit(1)
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		if conn == nil {
			os.Exit(0)
		}
		c := conn
		conn = nil
		return c, nil
	}}}
	kind, body := "none", ""
	for {
		resp, err := client.Post("http://pool/"+kind, "application/octet-stream", bytes.NewReader([]byte(body)))
		if err != nil {
			os.Exit(0)
		}
		arg, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 {
			os.Exit(0)
		}
		name, _ := strconv.Unquote(resp.Header.Get("Task"))
		tasksMu.RLock()
		t := tasks[name]
		tasksMu.RUnlock()
		kind, body = run(t, string(arg))
	}
}

func run(t Task, arg string) (kind, body string) {
	kind, body = "error", "the task has not returned"
	end := make(chan struct{})
	go func() {
		defer close(end)
		defer func() {
			if r := recover(); r != nil {
				body = fmt.Sprint("panic: ", r)
			}
		}()
		v, err := t(arg)
		if err != nil {
			body = err.Error()
		} else {
			kind, body = "value", v
		}
	}()
	<-end
	return
}

type Result struct {
	name, arg string
	once      sync.Once
	done      chan struct{}
	v         string
	err       error
}

func (r *Result) end(v string, err error) {
	r.once.Do(func() { r.v, r.err = v, err; close(r.done) })
}

func (r *Result) Get() (string, error) { <-r.done; return r.v, r.err }

type Pool struct {
	mu       sync.Mutex
	cond     *sync.Cond
	queue    []*Result
	workers  map[*worker]bool
	missing  int
	shut, at bool
}

type worker struct {
	p       *Pool
	cmd     *exec.Cmd
	srv     *http.Server
	current *Result
	gone    bool // guarded by p.mu
	left    bool
}

type one struct {
	c    net.Conn
	used bool
	stop chan struct{}
	o    sync.Once
}

func (l *one) Accept() (net.Conn, error) {
	if !l.used {
		l.used = true
		return l.c, nil
	}
	<-l.stop
	return nil, net.ErrClosed
}
func (l *one) Close() error   { l.o.Do(func() { close(l.stop) }); return nil }
func (l *one) Addr() net.Addr { return l.c.LocalAddr() }

// start starts a worker; p.mu is held.
func (p *Pool) start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	s, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	mine, theirs := os.NewFile(uintptr(s[0]), "mine"), os.NewFile(uintptr(s[1]), "theirs")
	defer theirs.Close()
	conn, err := net.FileConn(mine)
	mine.Close()
	if err != nil {
		return err
	}
	w := &worker{p: p}
	w.cmd = exec.Command(exe)
	w.cmd.Env = append(os.Environ(), env+"="+strconv.Itoa(os.Getpid()))
	w.cmd.Stdout, w.cmd.Stderr, w.cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{theirs}
	if err := w.cmd.Start(); err != nil {
		conn.Close()
		return err
	}
	p.workers[w] = true
	w.srv = &http.Server{Handler: w}
	stop, served := make(chan struct{}), make(chan struct{})
	go func() { w.srv.Serve(&one{c: conn, stop: stop}); close(served) }()
	go func() {
		w.cmd.Process.Wait()
		p.mu.Lock()
		w.gone = true
		p.cond.Broadcast()
		p.mu.Unlock()
		// A value that was sent before the end is still taken in by the handler; then the connection is at its end.
		w.srv.Shutdown(context.Background())
		<-served
		conn.Close()
		p.mu.Lock()
		if w.current != nil {
			w.current.end("", errors.New("the worker has ended"))
		}
		delete(p.workers, w)
		if !p.at && !(p.shut && len(p.queue) == 0) {
			p.missing++
			p.fill()
		}
		p.cond.Broadcast()
		p.mu.Unlock()
	}()
	return nil
}

// fill replaces who is missing while there are tasks; p.mu is held.
func (p *Pool) fill() {
	for p.missing > 0 && len(p.queue) > 0 && !p.at {
		if err := p.start(); err != nil {
			if len(p.workers) > 0 {
				return
			}
			p.queue[0].end("", err)
			p.queue = p.queue[1:]
			continue
		}
		p.missing--
	}
}

func (w *worker) ServeHTTP(rw http.ResponseWriter, q *http.Request) {
	p := w.p
	body, err := io.ReadAll(q.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := w.current; r != nil && err == nil {
		w.current = nil
		if q.URL.Path == "/value" {
			r.end(string(body), nil)
		} else {
			r.end("", errors.New(string(body)))
		}
	}
	for len(p.queue) == 0 && !p.shut && !w.gone {
		p.cond.Wait()
	}
	// Who has ended, waited for or not, is given nothing.
	var si unix.Siginfo
	waited := unix.Waitid(unix.P_PID, w.cmd.Process.Pid, &si, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
	if len(p.queue) == 0 || w.gone || p.at || si.Signo != 0 || waited == unix.ECHILD {
		rw.WriteHeader(410)
		return
	}
	w.current = p.queue[0]
	p.queue = p.queue[1:]
	rw.Header().Set("Task", strconv.QuoteToASCII(w.current.name))
	arg := w.current.arg
	p.mu.Unlock()
	io.WriteString(rw, arg)
	p.mu.Lock()
}

func New(n int) (*Pool, error) {
	if n <= 0 {
		return nil, errors.New("a pool needs workers")
	}
	p := &Pool{workers: map[*worker]bool{}}
	p.cond = sync.NewCond(&p.mu)
	p.mu.Lock()
	for i := 0; i < n; i++ {
		if err := p.start(); err != nil {
			p.mu.Unlock()
			p.Terminate()
			p.Join()
			return nil, err
		}
	}
	p.mu.Unlock()
	return p, nil
}

func (p *Pool) Apply(task, arg string) (*Result, error) {
	tasksMu.RLock()
	t := tasks[task]
	tasksMu.RUnlock()
	if t == nil {
		return nil, errors.New("unknown")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return nil, errors.New("closed")
	}
	r := &Result{name: task, arg: arg, done: make(chan struct{})}
	p.queue = append(p.queue, r)
	p.fill()
	p.cond.Broadcast()
	return r, nil
}

func (p *Pool) Close() { p.mu.Lock(); p.shut = true; p.cond.Broadcast(); p.mu.Unlock() }

func (p *Pool) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut, p.at = true, true
	for _, r := range p.queue {
		r.end("", errors.New("terminated"))
	}
	p.queue = nil
	for w := range p.workers {
		w.cmd.Process.Kill()
	}
	p.cond.Broadcast()
}

func (p *Pool) Join() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.shut {
		return errors.New("open")
	}
	for len(p.workers) > 0 {
		p.cond.Wait()
	}
	return nil
}

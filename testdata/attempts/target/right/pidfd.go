// Base64 in JSON over a socket pair that the child acknowledges; Wait is waitid on a pidfd.
package target

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	o      Options
	name   string
	pid    int
	pidfd  int
	mu     sync.Mutex
	waited bool
	err    error
}

var (
	funcs = map[string]Func{}
	mu    sync.Mutex
	n     int
)

func Register(name string, f Func) { funcs[name] = f }

type msg struct {
	T string
	A []string
	K map[string]string
}

func enc(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
func dec(s string) string { b, _ := base64.StdEncoding.DecodeString(s); return string(b) }

func Main() {
	if len(os.Args) != 2 || os.Args[1] != "--target-child" {
		return
	}
	syscall.CloseOnExec(3)
	f := os.NewFile(3, "sock")
	var m msg
	if err := json.NewDecoder(f).Decode(&m); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(7)
	}
	f.Write([]byte("k"))
	f.Close()
	os.Args = os.Args[:1]
	var a []string
	for _, s := range m.A {
		a = append(a, dec(s))
	}
	k := map[string]string{}
	for x, y := range m.K {
		k[dec(x)] = dec(y)
	}
	if m.T != "" {
		funcs[m.T](a, k)
	}
	os.Exit(0)
}

func New(o Options) *Process {
	mu.Lock()
	n++
	p := &Process{o: o, name: o.Name}
	if o.Name == "" {
		p.name = fmt.Sprintf("Process-%d", n)
	}
	mu.Unlock()
	return p
}

func (p *Process) Start() error {
	if p.pid != 0 {
		return errors.New("twice")
	}
	if p.o.Target != "" && funcs[p.o.Target] == nil {
		return errors.New("unknown")
	}
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	mine, its := os.NewFile(uintptr(fds[0]), "a"), os.NewFile(uintptr(fds[1]), "b")
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	c, err := os.StartProcess(exe, []string{exe, "--target-child"}, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr, its}, Sys: &syscall.SysProcAttr{PidFD: &p.pidfd}})
	its.Close()
	if err != nil {
		mine.Close()
		return err
	}
	p.pid = c.Pid
	c.Release()
	m := msg{T: p.o.Target}
	for _, s := range p.o.Args {
		m.A = append(m.A, enc(s))
	}
	m.K = map[string]string{}
	for k, v := range p.o.Kwargs {
		m.K[enc(k)] = enc(v)
	}
	json.NewEncoder(mine).Encode(m)
	io.ReadFull(mine, make([]byte, 1))
	mine.Close()
	return nil
}

func (p *Process) Wait() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waited {
		return p.err
	}
	var si [128]byte
	for {
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, 3, uintptr(p.pidfd), uintptr(unsafe.Pointer(&si)), 4, 0, 0)
		if e == syscall.EINTR {
			continue
		}
		if e != 0 {
			return e
		}
		break
	}
	syscall.Close(p.pidfd)
	p.waited = true
	code := *(*int32)(unsafe.Pointer(&si[8]))
	st := *(*int32)(unsafe.Pointer(&si[24]))
	if code != 1 || st != 0 {
		p.err = fmt.Errorf("code %d status %d", code, st)
	}
	return p.err
}

func (p *Process) PID() int     { return p.pid }
func (p *Process) Name() string { return p.name }

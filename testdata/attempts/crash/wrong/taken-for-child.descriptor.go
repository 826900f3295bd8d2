// Looks for the mark in a descriptor, and hands that on to what a task runs.

package crash

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Task func() string

type Report struct {
	Task     string
	Finished bool
	Result   string
	Code     int
	Signal   syscall.Signal
	Err      error
}

var tasks sync.Map

func Register(name string, task Task) { tasks.Store(name, task) }

func Main() {
	to, err := os.Readlink("/proc/self/fd/4")
	if err != nil || to != "/memfd:crash-shared-memory (deleted)" || len(os.Args) != 1 {
		return
	}
	head, err := unix.Mmap(4, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		os.Exit(9)
	}
	const fd = 4
	words := (*[3]uint64)(unsafe.Pointer(&head[0]))
	name := make([]byte, words[2])
	unix.Pread(fd, name, 24)
	task, _ := tasks.Load(string(name))
	result := task.(Task)()
	at := int64(4096 + len(name)&^4095)
	for b := []byte(result); len(b) > 0; {
		n, err := unix.Pwrite(fd, b, at)
		if err != nil {
			os.Exit(9)
		}
		b, at = b[n:], at+int64(n)
	}
	words[1] = uint64(len(result))
	atomic.StoreUint64(&words[0], 0x600D)
	unix.Kill(unix.Getpid(), unix.SIGKILL) // all is said
	runtime.KeepAlive(head)
}

func one(name string) (r Report) {
	r.Task = name
	if _, is := tasks.Load(name); !is {
		r.Err = fmt.Errorf("crash: no task %q", name)
		return
	}
	var fd int
	if fd, r.Err = unix.MemfdCreate("crash-shared-memory", unix.MFD_CLOEXEC); r.Err != nil {
		return
	}
	defer unix.Close(fd)
	if r.Err = unix.Ftruncate(fd, int64(4096+len(name)&^4095)); r.Err != nil {
		return
	}
	head, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		r.Err = err
		return
	}
	defer unix.Munmap(head)
	words := (*[3]uint64)(unsafe.Pointer(&head[0]))
	words[2] = uint64(len(name))
	unix.Pwrite(fd, []byte(name), 24)
	exe, err := os.Executable()
	if err != nil {
		r.Err = err
		return
	}
	var pidfd int
	pid, err := syscall.ForkExec(exe, []string{exe}, &syscall.ProcAttr{Env: os.Environ(),
		Files: []uintptr{0, 1, 2, 2, uintptr(fd)}, Sys: &syscall.SysProcAttr{PidFD: &pidfd}})
	if err != nil {
		r.Err = err
		return
	}
	defer unix.Close(pidfd)
	for unix.Waitid(unix.P_PIDFD, pidfd, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	var status unix.WaitStatus
	for {
		if _, err := unix.Wait4(pid, &status, 0, nil); err != unix.EINTR {
			break
		}
	}
	if atomic.LoadUint64(&words[0]) == 0x600D {
		result := make([]byte, words[1])
		at := 0
		for at < len(result) {
			n, err := unix.Pread(fd, result[at:], int64(4096+len(name)&^4095+at))
			if err != nil || n == 0 {
				break
			}
			at += n
		}
		r.Finished, r.Result = true, string(result)
	} else if status.Signaled() {
		r.Signal = status.Signal()
	} else {
		r.Code = status.ExitStatus()
	}
	return
}

func Run(names ...string) []Report {
	type numbered struct {
		i int
		r Report
	}
	all := make(chan numbered)
	for i, name := range names {
		go func() { all <- numbered{i, one(name)} }()
	}
	reports := make([]Report, len(names))
	for range names {
		n := <-all
		reports[n.i] = n.r
	}
	return reports
}

// Jobs and results are files in memory; the results are read when the child has ended, as far as they are whole.

package hybrid

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

const argv0 = "hybrid: a share"

func put(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

func get(b []byte) (s string, rest []byte, ok bool) {
	n, k := binary.Uvarint(b)
	if k <= 0 || uint64(len(b)-k) < n {
		return "", nil, false
	}
	return string(b[k : k+int(n)]), b[k+int(n):], true
}

func content(fd int) ([]byte, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	b := make([]byte, st.Size)
	for n := 0; n < len(b); {
		k, err := unix.Pread(fd, b[n:], int64(n))
		if err != nil {
			return nil, err
		}
		n += k
	}
	return b, nil
}

func Main() {
	if os.Args[0] != argv0 {
		return
	}
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	b, err := content(3)
	if err != nil {
		os.Exit(1)
	}
	var jobs []Job
	threads, b, _ := get(b)
	n := int(binary.LittleEndian.Uint64([]byte(threads)))
	for len(b) > 0 {
		var j Job
		j.Task, b, _ = get(b)
		j.Input, b, _ = get(b)
		jobs = append(jobs, j)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	order := make(chan int)
	go func() {
		for i := range jobs {
			order <- i
		}
		close(order)
	}()
	for range min(n, len(jobs)) {
		wg.Add(1)
		go func() {
			runtime.LockOSThread()
			defer wg.Done()
			for i := range order {
				t, kind, v := tasks[jobs[i].Task], "v", ""
				if t == nil {
					kind, v = "e", "hybrid: no such task: "+jobs[i].Task
				} else {
					v = t(jobs[i].Input)
				}
				rec := put(binary.LittleEndian.AppendUint64(nil, uint64(i)), kind, v)
				rec = put(nil, string(rec))
				mu.Lock()
				for len(rec) > 0 {
					k, err := unix.Write(4, rec)
					if err != nil && err != unix.EINTR {
						os.Exit(1)
					}
					rec = rec[max(k, 0):]
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	os.Exit(0)
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	var wg sync.WaitGroup
	for p := range min(processes, len(jobs)) {
		var mine []int
		for i := p; i < len(jobs); i += processes {
			mine = append(mine, i)
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			share(threads, jobs, mine, results)
		}()
	}
	wg.Wait()
	return results
}

func share(threads int, jobs []Job, mine []int, results []Result) {
	b := put(nil, string(binary.LittleEndian.AppendUint64(nil, uint64(threads))))
	for _, i := range mine {
		results[i].Err = errors.New("hybrid: not done")
		b = put(b, jobs[i].Task, jobs[i].Input)
	}
	why := func() error {
		exe, err := os.Executable()
		if err != nil {
			return err
		}
		var files []*os.File
		for range 2 {
			fd, err := unix.MemfdCreate("share", unix.MFD_CLOEXEC)
			if err != nil {
				return err
			}
			f := os.NewFile(uintptr(fd), "share")
			defer f.Close()
			files = append(files, f)
		}
		if _, err := files[0].WriteAt(b, 0); err != nil {
			return err
		}
		cmd := exec.Command(exe)
		cmd.Args = []string{argv0}
		cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = os.Stdout, os.Stderr, files
		if err := cmd.Start(); err != nil {
			return err
		}
		cmd.Wait()
		log, err := content(int(files[1].Fd()))
		if err != nil {
			return err
		}
		for {
			rec, rest, ok := get(log)
			if !ok {
				break
			}
			log = rest
			i := mine[binary.LittleEndian.Uint64([]byte(rec))]
			kind, tail, _ := get([]byte(rec)[8:])
			v, _, _ := get(bytes.Clone(tail))
			if kind == "v" {
				results[i] = Result{Value: v}
			} else {
				results[i] = Result{Err: errors.New(v)}
			}
		}
		return fmt.Errorf("hybrid: the process has ended: %v", cmd.ProcessState)
	}()
	for _, i := range mine {
		if results[i].Err != nil && results[i].Err.Error() == "hybrid: not done" {
			results[i].Err = why
		}
	}
}

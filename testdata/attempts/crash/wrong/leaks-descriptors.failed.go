// Leaves the pipe open when the process cannot be started.
package crash

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
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

const marker = "CRASH_TASK_NAME"

var (
	mu    sync.Mutex
	tasks = map[string]Task{}
)

func Register(name string, task Task) {
	mu.Lock()
	defer mu.Unlock()
	tasks[name] = task
}

func Main() {
	quoted, ok := os.LookupEnv(marker)
	if !ok {
		return
	}
	os.Unsetenv(marker)
	syscall.CloseOnExec(3)
	name, err := strconv.Unquote(quoted)
	mu.Lock()
	task := tasks[name]
	mu.Unlock()
	if err != nil || task == nil {
		fmt.Fprintln(os.Stderr, "no such task", quoted)
		os.Exit(1)
	}
	out := os.NewFile(3, "result")
	result := task()
	frame := binary.BigEndian.AppendUint64(nil, uint64(len(result)))
	if _, err := out.Write(append(frame, result...)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func Run(names ...string) []Report {
	reports := make([]Report, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		r := &reports[i]
		r.Task = name
		wg.Add(1)
		go func() {
			defer wg.Done()
			run(r)
		}()
	}
	wg.Wait()
	return reports
}

func run(r *Report) {
	mu.Lock()
	_, ok := tasks[r.Task]
	mu.Unlock()
	if !ok {
		r.Err = fmt.Errorf("task %q is not registered", r.Task)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		r.Err = err
		return
	}
	var p [2]int
	err = syscall.Pipe2(p[:], syscall.O_CLOEXEC)
	if err != nil {
		r.Err = err
		return
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), marker+"="+strconv.Quote(r.Task))
	attr := &syscall.ProcAttr{Env: cmd.Env, Files: []uintptr{0, 1, 2, uintptr(p[1])}}
	pid, err := syscall.ForkExec(exe, []string{exe}, attr)
	if err != nil {
		r.Err = err
		return
	}
	syscall.Close(p[1])
	pr := os.NewFile(uintptr(p[0]), "result")
	defer pr.Close()
	data, _ := io.ReadAll(pr)
	var ws syscall.WaitStatus
	syscall.Wait4(pid, &ws, 0, nil)
	if len(data) >= 8 && binary.BigEndian.Uint64(data) == uint64(len(data)-8) {
		r.Finished = true
		r.Result = string(data[8:])
		return
	}
	if ws.Signaled() {
		r.Signal = ws.Signal()
	} else {
		r.Code = ws.ExitStatus()
	}
}

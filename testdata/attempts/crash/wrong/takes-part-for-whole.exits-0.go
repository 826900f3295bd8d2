// Has the mark before the result, and trusts in status 0 for the rest.
package crash

import (
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
	frame := []byte{1}
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
	pr, pw, err := os.Pipe()
	if err != nil {
		r.Err = err
		return
	}
	defer pr.Close()
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), marker+"="+strconv.Quote(r.Task))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{pw}
	err = cmd.Start()
	pw.Close()
	if err != nil {
		r.Err = err
		return
	}
	data, _ := io.ReadAll(pr)
	cmd.Wait()
	ws := cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case ws.Signaled():
		r.Signal = ws.Signal()
	case ws.ExitStatus() == 0 && len(data) >= 1:
		r.Finished, r.Result = true, string(data[1:])
	default:
		r.Code = ws.ExitStatus()
	}
}

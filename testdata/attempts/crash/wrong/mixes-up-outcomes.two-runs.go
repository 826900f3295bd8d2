// The result is in a file that is named after the process of the caller and the place of the report.
package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

type Task func() string

type Report struct {
	Task     string         // its name
	Finished bool           // it has returned
	Result   string         // what it has returned
	Code     int            // the exit status of a process that ended before the task had returned
	Signal   syscall.Signal // the signal that killed it
	Err      error          // why it could not be started
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	name := os.Getenv("CRASH_TASK")
	if !strings.HasPrefix(name, "=") {
		return
	}
	os.Unsetenv("CRASH_TASK")
	result := tasks[name[1:]]()
	file := os.Getenv("CRASH_RESULT")
	os.Unsetenv("CRASH_RESULT")
	err := os.WriteFile(file+".part", []byte(result), 0o600)
	if err == nil {
		err = os.Rename(file+".part", file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash: write the result:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func Run(names ...string) []Report {
	children := make([]*child, len(names))
	reports := make([]Report, len(names))
	for i, name := range names {
		reports[i].Task = name
		children[i], reports[i].Err = start(i, name)
	}
	for i, c := range children {
		if c != nil {
			c.wait(&reports[i])
		}
	}
	return reports
}

type child struct {
	process *os.Process
	file    string
}

func start(i int, name string) (*child, error) {
	if tasks[name] == nil {
		return nil, fmt.Errorf("crash: no task %q is registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(os.TempDir(), fmt.Sprintf("result-%d-%d", os.Getpid(), i))
	process, err := os.StartProcess(exe, []string{exe}, &os.ProcAttr{
		Env:   append(os.Environ(), "CRASH_TASK=="+name, "CRASH_RESULT="+file),
		Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return nil, err
	}
	return &child{process, file}, nil
}

func (c *child) wait(r *Report) {
	state, err := c.process.Wait()
	if err != nil {
		r.Err = err
		return
	}
	defer os.Remove(c.file + ".part")
	defer os.Remove(c.file)
	status := state.Sys().(syscall.WaitStatus)
	result, err := os.ReadFile(c.file)
	switch {
	case status.Signaled():
		r.Signal = status.Signal()
	case err == nil:
		r.Finished, r.Result = true, string(result)
	default:
		r.Code = status.ExitStatus()
	}
}

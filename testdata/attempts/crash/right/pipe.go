// A pipe for each result, read from the start on; the child keeps it from what its task starts.
package crash

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
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

const (
	marker = "--crash-child"
	outbox = 3
)

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	syscall.CloseOnExec(outbox)
	result := tasks[os.Args[2]]()
	_, err := os.NewFile(outbox, "result").WriteString(fmt.Sprintln(len(result)) + result)
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
		children[i], reports[i].Err = start(name)
	}
	var all sync.WaitGroup
	for i, c := range children {
		if c != nil {
			all.Go(func() { c.wait(&reports[i]) })
		}
	}
	all.Wait()
	return reports
}

type child struct {
	cmd    *exec.Cmd
	result *os.File
}

func start(name string) (*child, error) {
	if tasks[name] == nil {
		return nil, fmt.Errorf("crash: no task %q is registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c := &child{exec.Command(exe, marker, name), in}
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{out}
	defer out.Close()
	if err := c.cmd.Start(); err != nil {
		c.result.Close()
		return nil, err
	}
	return c, nil
}

func (c *child) wait(r *Report) {
	defer c.result.Close()
	all, readErr := io.ReadAll(c.result)
	state, err := c.cmd.Process.Wait()
	if err != nil {
		r.Err = err
		return
	}
	status := state.Sys().(syscall.WaitStatus)
	size, result, told := strings.Cut(string(all), "\n")
	switch {
	case status.Signaled():
		r.Signal = status.Signal()
	case status.ExitStatus() == 0 && readErr == nil && told && size == fmt.Sprint(len(result)):
		r.Finished, r.Result = true, result
	default:
		r.Code = status.ExitStatus()
	}
}

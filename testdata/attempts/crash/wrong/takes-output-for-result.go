// Has the child print its result.
package crash

import (
	"fmt"
	"io"
	"os"
	"os/exec"
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
)

const finished = "finished"

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	result := tasks[os.Args[2]]()
	_, err := os.Stdout.WriteString(finished + result)
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
	for i, c := range children {
		if c != nil {
			c.wait(&reports[i])
		}
	}
	return reports
}

type child struct {
	cmd  *exec.Cmd
	all  []byte
	read chan bool
}

func start(name string) (*child, error) {
	if tasks[name] == nil {
		return nil, fmt.Errorf("crash: no task %q is registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(exe, marker, name)}
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.read = make(chan bool)
	go func() {
		c.all, _ = io.ReadAll(out)
		out.Close()
		close(c.read)
	}()
	return c, nil
}

func (c *child) wait(r *Report) {
	<-c.read
	state, err := c.cmd.Process.Wait()
	if err != nil {
		r.Err = err
		return
	}
	status := state.Sys().(syscall.WaitStatus)
	all := c.all
	switch {
	case status.Signaled():
		r.Signal = status.Signal()
	case status.ExitStatus() == 0 && err == nil && len(all) >= len(finished) && string(all[:len(finished)]) == finished:
		r.Finished, r.Result = true, string(all[len(finished):])
	default:
		r.Code = status.ExitStatus()
	}
}

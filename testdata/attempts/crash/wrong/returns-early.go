// Returns when a task has not finished, with its report; the others have none.
package crash

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
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

const finished = "finished"

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	result := tasks[os.Args[2]]()
	out := os.NewFile(outbox, "result")
	_, err := out.WriteAt([]byte(result), int64(len(finished)))
	if err == nil {
		_, err = out.WriteAt([]byte(finished), 0)
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
	ended := make(chan int, len(names))
	for i, name := range names {
		reports[i].Task = name
		if children[i], reports[i].Err = start(name); children[i] == nil {
			ended <- i
			continue
		}
		go func() {
			r := Report{Task: name}
			children[i].wait(&r)
			reports[i] = r
			ended <- i
		}()
	}
	for range names {
		i := <-ended
		if r := reports[i]; r.Code != 0 || r.Signal != 0 {
			alone := make([]Report, len(names))
			for j, name := range names {
				alone[j].Task = name
			}
			alone[i] = r
			return alone
		}
	}
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
	fd, err := unix.MemfdCreate("result", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	c := &child{exec.Command(exe, marker, name), os.NewFile(uintptr(fd), "result")}
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{c.result}
	if err := c.cmd.Start(); err != nil {
		c.result.Close()
		return nil, err
	}
	return c, nil
}

func (c *child) wait(r *Report) {
	defer c.result.Close()
	state, err := c.cmd.Process.Wait()
	if err != nil {
		r.Err = err
		return
	}
	status := state.Sys().(syscall.WaitStatus)
	all, err := io.ReadAll(io.NewSectionReader(c.result, 0, 1<<62))
	switch {
	case status.Signaled():
		r.Signal = status.Signal()
	case status.ExitStatus() == 0 && err == nil && len(all) >= len(finished) && string(all[:len(finished)]) == finished:
		r.Finished, r.Result = true, string(all[len(finished):])
	default:
		r.Code = status.ExitStatus()
	}
}

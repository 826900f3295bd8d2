// Package crash runs tasks in processes of their own, so that a crash in one is a report and not the end of all.
package crash

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Task is what a child runs; what it returns is its result.
type Task func() string

// Report tells how a task ended: finished, or else by its process's exit status, by a signal, or never started. The
// fields that say nothing are zero, also in a report with Err.
type Report struct {
	Task     string         // its name
	Finished bool           // it has returned
	Result   string         // what it has returned
	Code     int            // the exit status of a process that ended before the task had returned
	Signal   syscall.Signal // the signal that killed it
	Err      error          // why it could not be started
}

// A child finds the marker as its first argument, its task as the second, and a file for the result at this descriptor,
// the first of exec.Cmd.ExtraFiles.
const (
	marker = "--crash-child"
	outbox = 3
)

// finished stands at the beginning of the file when the whole result does behind it.
const finished = "finished"

var tasks = map[string]Task{}

// Register makes a task known under a name, here and in every child. It calls nothing.
func Register(name string, task Task) { tasks[name] = task }

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a child it
// runs the task and ends the process, and never returns. In any other process it returns at once: also in an ordinary
// run of this program that a task or the parent starts, with the environment that it has itself.
//
// The mark of success is written behind the result. Whoever exits inside the task, also with status 0, never comes here.
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

// Run runs every task in a child process of the caller's, all of them at the same time, and returns when the last has
// ended, asleep in the kernel meanwhile. The reports are in the order of the names, one for each, also for a name that
// is given twice. A name is any text without a zero byte.
//
// A task that has returned, and whose whole result has come, is finished: any bytes, none, or 8 MB. One that has not is
// reported with how its process ended. That concerns neither the caller nor the other tasks: they go on until they end
// themselves. A process that is stopped has not ended. Standard output and standard error are the caller's, so a
// panic's trace is seen. What a task leaves running is not waited for.
//
// A task that nobody has registered, or that cannot be started, has the reason in Err; the others run all the same. Run
// may be called again, and by several goroutines at once. It leaves no zombie of its own, no open descriptor and no
// file, and leaves the caller's other children alone.
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

// child is a process that runs a task.
type child struct {
	cmd    *exec.Cmd
	result *os.File
}

// start starts a child. The file for its result is one in memory (memfd_create(2)): it takes everything while nobody
// reads, and has no end to wait for that somebody else could hold open.
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

// wait waits for the child's end and tells how it was.
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

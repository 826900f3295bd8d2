// When one process cannot be started, the results of all the others are thrown away.
package hybrid

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
)

// Task is a function that does a job: it is given the job's input, and what it returns is the result.
type Task func(input string) string

// Job is a piece of work: the name of a task, and its input.
type Job struct{ Task, Input string }

// Result is what became of a job: the value that its task returned, or else the reason why there is none.
type Result struct {
	Value string
	Err   error
}

// A child finds the marker as its first argument and the number of threads as the second. Its share comes by standard
// input; values go back by this descriptor, the first of exec.Cmd.ExtraFiles.
const (
	marker = "--hybrid-child"
	outbox = 3
)

// message is what goes either way: the job of a number, or its value.
type message struct {
	Number int
	Job    Job
	Value  string
}

var tasks = map[string]Task{}

// Register makes a task known under a name, here and in every child. It calls nothing.
func Register(name string, task Task) { tasks[name] = task }

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a child it
// does that child's share and ends the process. In any other process it returns at once, also in one that a job or the
// caller of Run starts.
func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
		return
	}
	threads, err := strconv.Atoi(os.Args[2])
	if err == nil {
		err = work(threads, gob.NewDecoder(os.Stdin), gob.NewEncoder(os.NewFile(outbox, "results")))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hybrid:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// work does a share. Each value is sent before the thread takes its next job, so that a crash loses what runs, and
// nothing that was done.
func work(threads int, in *gob.Decoder, out *gob.Encoder) error {
	var share []message
	if err := in.Decode(&share); err != nil {
		return err
	}
	jobs := make(chan message, len(share))
	for _, m := range share {
		jobs <- m
	}
	close(jobs)

	var sending sync.Mutex
	var failed error
	var all sync.WaitGroup
	for range threads {
		all.Go(func() {
			runtime.LockOSThread() // never undone: the thread ends with the goroutine
			for m := range jobs {
				value := tasks[m.Job.Task](m.Job.Input)
				sending.Lock()
				failed = errors.Join(failed, out.Encode(message{Number: m.Number, Value: value}))
				sending.Unlock()
			}
		})
	}
	all.Wait()
	return failed
}

// Run does the jobs in so many child processes with so many threads each, both at least 1, and returns their results in
// the order of the jobs. Job number i is of the share of process i modulo processes.
//
// All processes work at the same time, however few CPUs there are. Each begins its share in order, as many jobs at once
// as it has threads, and the next one as soon as one has returned. While a job runs it has a thread of the kernel's for itself
// (runtime.LockOSThread). The threads may use every CPU that the caller may use. The caller itself sleeps in the kernel.
//
// Inputs and values are any bytes, of any length. A panic in a goroutine of a job, an exit or a signal ends a process with
// all its threads. What has returned before keeps its result; the rest of that share has the reason in Err, and no part
// of a value (when a job returns just then, it has one or the other). The other
// shares are done to their end. Where a process cannot be started, its whole share has the reason in Err. A task that
// nobody has registered is an error of its job alone.
//
// Run may be called again, and by several goroutines at once. It leaves no zombie and no open descriptor, also where a
// process could not be started. Other children of the program are left alone.
func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	shares := make([][]message, min(processes, len(jobs)))
	for i, job := range jobs {
		if tasks[job.Task] == nil {
			results[i].Err = fmt.Errorf("hybrid: no task %q is registered", job.Task)
			continue
		}
		shares[i%processes] = append(shares[i%processes], message{Number: i, Job: job})
	}
	var children []*child
	var failed error
	for _, share := range shares {
		if len(share) == 0 {
			continue
		}
		c, err := start(share, threads)
		if err != nil {
			failed = err
			break
		}
		children = append(children, c)
	}
	var all sync.WaitGroup
	for _, c := range children {
		all.Go(func() { c.collect(results) })
	}
	all.Wait()
	if failed != nil {
		for i := range results {
			results[i] = Result{Err: failed}
		}
	}
	return results
}

// child is a process with its share, and the pipes to it and from it.
type child struct {
	cmd   *exec.Cmd
	share []message
	jobs  io.WriteCloser
	in    *os.File
}

func start(share []message, threads int) (*child, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, marker, strconv.Itoa(threads))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{out}
	jobs, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	out.Close()
	if err != nil {
		in.Close()
		return nil, err
	}
	return &child{cmd, share, jobs, in}, nil
}

// collect sends the share, receives values until the child closes its end, and waits for it.
func (c *child) collect(results []Result) {
	missing := map[int]bool{}
	for _, m := range c.share {
		missing[m.Number] = true
	}
	gob.NewEncoder(c.jobs).Encode(c.share)
	c.jobs.Close()
	for values := gob.NewDecoder(c.in); ; {
		var m message
		if values.Decode(&m) != nil {
			break
		}
		results[m.Number].Value = m.Value
		delete(missing, m.Number)
	}
	c.in.Close()
	c.cmd.Wait()
	for i := range missing {
		results[i].Err = fmt.Errorf("hybrid: the process of this job has ended before it: %v", c.cmd.ProcessState)
	}
}

// Package hybrid does work in processes that have several threads each.
package hybrid

import "errors"

// Task is a function that does a job: it is given the job's input, and what it returns is the result.
type Task func(input string) string

// Job is a piece of work: the name of a task, and its input.
type Job struct{ Task, Input string }

// Result is what became of a job: the value that its task returned, or else the reason why there is none.
type Result struct {
	Value string
	Err   error
}

// Register makes a task known under a name, here and in every child. It calls nothing.
func Register(name string, task Task) {}

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a child it
// does that child's share and ends the process. In any other process it returns at once, also in one that a job or the
// caller of Run starts.
func Main() {}

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
	for i := range results {
		results[i].Err = errors.New("not written yet")
	}
	return results
}

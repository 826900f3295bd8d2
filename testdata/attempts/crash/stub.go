// Package crash runs tasks in processes of their own, so that a crash in one is a report and not the end of all.
package crash

import "syscall"

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

// Register makes a task known under a name, here and in every child. It calls nothing.
func Register(name string, task Task) {}

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a child it
// runs the task and ends the process, and never returns. In any other process it returns at once: also in an ordinary
// run of this program that a task or the parent starts, with the environment that it has itself.
func Main() {}

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
func Run(names ...string) []Report { return nil } // not written yet

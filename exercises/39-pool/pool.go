// Package pool runs tasks in a fixed number of worker processes.
package pool

import "errors"

// Task is what a worker runs: it is given an argument, and returns a value or an error.
type Task func(arg string) (string, error)

// Register makes a task known under a name, here and in every worker. It calls nothing.
func Register(name string, task Task) {}

// Main is called by the program as soon as its tasks are registered, and before it does anything else. In a worker it
// runs tasks, and never returns. In any other process it returns at once: also in an ordinary run of this program that
// a task, or the program itself, starts with the environment that it has.
func Main() {}

// Pool is a number of worker processes, and a queue of the tasks that wait for one of them. Its methods may be called
// by several goroutines at once. Pools have nothing to do with each other.
type Pool struct{}

// New makes a pool of n workers. They are children of this process: this same program, run again, with its output. They
// may be started now or when there are tasks. An n of 0 or less is an error.
//
// A worker runs one task after the other. While there are tasks enough, n of them are run at once, and never more. A
// worker that ends is replaced, when there is a task for it at the latest. When no process can be started, New returns
// the error and leaves nothing behind, or else Apply or Get does, and the next task tries again.
//
// However this process ends, also by SIGKILL, its workers end at once, in the middle of a task as well. Until then they
// live on, also when the thread that has called New ends. Whoever has nothing to do sleeps.
func New(n int) (*Pool, error) { return nil, errors.New("not written yet") }

// Apply queues a task and returns at once, however many tasks are waiting. Whichever worker is free takes the one that
// has waited longest. Apply is an error after Close and Terminate, and for a name that nobody has registered.
func (p *Pool) Apply(task, arg string) (*Result, error) { return nil, errors.New("not written yet") }

// Close returns at once. Nothing more is accepted. What was queued is still done, and then the workers end. After
// Close or Terminate it changes nothing.
func (p *Pool) Close() {}

// Terminate ends the workers at once, by SIGKILL. The tasks that have not come to their end have failed; those that
// have not been begun never are. What was done stays done. Nothing more is accepted. It may be called at any time, also after
// Close.
func (p *Pool) Terminate() {}

// Join sleeps until all workers have ended, and leaves no zombie and no open descriptor. It returns nil then, also when
// some were killed. It may be called by several at once, and again. Before Close or Terminate it is an error at once, and
// changes nothing.
func (p *Pool) Join() error { return errors.New("not written yet") }

// Result is the handle of one task.
type Result struct{}

// Get sleeps until the task has come to its end, and returns what it returned: a value of any bytes, or an error with
// all the text of the task's own, which may be none, after which its worker goes on. It may be called again, by several
// goroutines at once, and after Join.
//
// Get is an error as well for a task that has panicked, that has ended its process, whose worker was killed, or
// that was cut off by Terminate. Such a task is not run again. It concerns no other task. A worker that ends
// before a task was handed to it concerns none. Processes that a task has started are neither waited for nor ended.
func (r *Result) Get() (string, error) { return "", errors.New("not written yet") }

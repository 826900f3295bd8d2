// Package parallel runs tasks serially, concurrently and in parallel, and tells which of these it was.
package parallel

import (
	"errors"
	"time"
)

// Task is a child process: this same program, run with these arguments. Its input and output are yours to choose.
type Task []string

// ErrOneCPU says that nothing can run in parallel here.
var ErrOneCPU = errors.New("parallel: this program may use one CPU only")

// Serial runs one or more tasks one after the other, in their order: each begins when the one before it has ended, and may
// use every CPU of the program.
//
// It returns when the last has ended. A task that cannot be started, exits with another status than 0 or is ended by a
// signal makes an error; the others are run all the same. Meanwhile the caller sleeps; no zombie is left; other children
// are left alone. All this holds for Concurrent and Parallel, too. They may be called by several goroutines at once.
func Serial(tasks ...Task) error { return errors.New("not written yet") }

// Concurrent runs the tasks all at once on one CPU, where they take turns: each of them may use this one only, from its
// first instruction on, and it is one that the program may use. Only the thread that starts them is kept there, and only
// while it starts them. The program's other threads, and children that it starts elsewhere, may use the same CPUs as before.
func Concurrent(tasks ...Task) error { return errors.New("not written yet") }

// Parallel runs the tasks all at once on several CPUs: no two of them have to share one while the program may use another.
// When it may use one CPU only, now, Parallel starts nothing and returns ErrOneCPU, also for one task.
func Parallel(tasks ...Task) error { return errors.New("not written yet") }

// Way is how tasks were run.
type Way string

const (
	WasSerial     Way = "serial"     // no two of them were in progress at one moment
	WasConcurrent Way = "concurrent" // two were in progress at one moment, and no two were on a CPU at one moment
	WasParallel   Way = "parallel"   // two were on a CPU at one moment
)

// Span is a stretch of time. To is later than From, and no part of it: one from 1 to 2 and one from 2 to 3 have no moment
// in common.
type Span struct{ From, To time.Duration }

// Record is what was seen of a task: when it was in progress, begun and not yet ended, and when it was on a CPU, which
// is within that time, in order and without overlap. Of a task that is in progress, but on no CPU, the others may be.
type Record struct {
	Progress Span
	OnCPU    []Span
}

// Judge tells how the tasks were run, by their records, which come in any order and are left as they are.
// One task alone, and none, were serial.
func Judge(records ...Record) Way { return "" }

// Runs every task in a goroutine.
package crash

import (
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

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {}

func Run(names ...string) []Report {
	reports := make([]Report, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() { reports[i] = Report{Task: name, Finished: true, Result: tasks[name]()} })
	}
	all.Wait()
	return reports
}

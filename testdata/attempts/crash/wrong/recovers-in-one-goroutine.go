// Runs every task in a goroutine that recovers, and prints the trace.
package crash

import (
	"fmt"
	"os"
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
		all.Go(func() {
			reports[i].Task = name
			defer func() {
				if r := recover(); r != nil {
					fmt.Fprintf(os.Stderr, "panic: %v\n", r)
					reports[i].Code = 2
				}
			}()
			reports[i].Result = tasks[name]()
			reports[i].Finished = true
		})
	}
	all.Wait()
	return reports
}

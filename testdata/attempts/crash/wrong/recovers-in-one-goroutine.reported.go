// The tasks are goroutines of the caller: what they panic with is reported, and nobody else sees it.
package crash

import (
	"fmt"
	"sync"
	"syscall"
)

type Task func() string

type Report struct {
	Task     string
	Finished bool
	Result   string
	Code     int
	Signal   syscall.Signal
	Err      error
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {}

func Run(names ...string) []Report {
	reports := make([]Report, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			reports[i].Task = name
			defer func() {
				if r := recover(); r != nil {
					reports[i].Code = 2
				}
			}()
			f, ok := tasks[name]
			if !ok {
				reports[i].Err = fmt.Errorf("no task %q", name)
				return
			}
			reports[i].Result = f()
			reports[i].Finished = true
		})
	}
	wg.Wait()
	return reports
}

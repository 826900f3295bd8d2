// Does the jobs in threads of the caller.
package hybrid

import (
	"fmt"
	"runtime"
	"sync"
)

type Task func(input string) string

type Job struct{ Task, Input string }

type Result struct {
	Value string
	Err   error
}

var tasks = map[string]Task{}

func Register(name string, task Task) { tasks[name] = task }

func Main() {
}

func Run(processes, threads int, jobs ...Job) []Result {
	results := make([]Result, len(jobs))
	numbers := make(chan int, len(jobs))
	for i := range jobs {
		numbers <- i
	}
	close(numbers)
	var all sync.WaitGroup
	for range processes * threads {
		all.Go(func() {
			runtime.LockOSThread()
			for i := range numbers {
				if task := tasks[jobs[i].Task]; task != nil {
					results[i].Value = task(jobs[i].Input)
				} else {
					results[i].Err = fmt.Errorf("hybrid: no task %q is registered", jobs[i].Task)
				}
			}
		})
	}
	all.Wait()
	return results
}

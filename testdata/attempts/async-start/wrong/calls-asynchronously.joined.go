// The goroutine is waited for in the end, which is too late for the report.
package asyncstart

import (
	"os/exec"
	"sync"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}

	report("started")
	var all sync.WaitGroup
	all.Go(call)
	report("called")
	err := cmd.Wait()
	all.Wait()
	report("ended")
	return err
}

// One WaitGroup for all children: each Run waits until the last of them has ended.
package asyncstart

import (
	"os/exec"
	"sync"
)

var children sync.WaitGroup

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	children.Go(func() { cmd.Wait() })
	report("started")
	call()
	report("called")
	children.Wait()
	report("ended")
	return nil
}

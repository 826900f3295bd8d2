// A lock lets one Run work at a time, and the one that it calls waits for ever.
package asyncstart

import (
	"os/exec"
	"sync"
)

var running sync.Mutex

func Run(program string, args []string, call func(), report func(what string)) error {
	running.Lock()
	defer running.Unlock()
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

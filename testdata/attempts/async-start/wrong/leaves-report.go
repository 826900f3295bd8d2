// The first report is made by a goroutine, and Run goes on into the call.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go report("started")
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

// First the call, then the start: the child waits for a call that it could run beside.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	call()
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

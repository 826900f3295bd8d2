// The report stands before the start.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	report("started")
	if err := cmd.Start(); err != nil {
		return err
	}
	call()
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

// All is reported at the end, when both are done.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}

	report("started")
	call()
	err := cmd.Wait()
	report("called")
	report("ended")
	return err
}

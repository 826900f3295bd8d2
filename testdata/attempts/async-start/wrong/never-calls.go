// The call is forgotten; only its report is there.
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
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

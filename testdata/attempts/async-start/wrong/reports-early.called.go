// The call is reported when it begins, and the end too.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}

	report("called")
	report("started")
	call()
	report("ended")
	return cmd.Wait()
}

// The call is made once beside the child, and once more for its report.
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
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

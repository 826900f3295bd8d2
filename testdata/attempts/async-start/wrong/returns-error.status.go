// What Wait says of the child's exit status is returned as an error of Run.
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
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

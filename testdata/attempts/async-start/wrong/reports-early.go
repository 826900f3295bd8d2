// The end is reported before it is waited for.
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

	report("ended")
	return cmd.Wait()
}

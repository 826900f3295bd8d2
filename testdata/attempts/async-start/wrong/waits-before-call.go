// The child is joined at once, and only then comes the call: nothing runs side by side.
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
	if err := cmd.Wait(); err != nil {
		return err
	}
	call()
	report("called")
	report("ended")
	return nil
}

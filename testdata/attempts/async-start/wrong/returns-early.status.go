// A child that ended with another status than 0 is not reported.
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
	if cmd.Wait() != nil {
		return nil
	}
	report("ended")
	return nil
}

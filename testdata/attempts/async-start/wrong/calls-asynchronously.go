// The call is made in a goroutine, and reported when that was made.
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
	go call()
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

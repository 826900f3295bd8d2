// The second wait for the same child fails.
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

	if err := cmd.Wait(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	report("ended")
	return nil
}

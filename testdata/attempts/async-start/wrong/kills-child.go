// The child is ended as soon as the call is done.
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

	cmd.Process.Kill()
	cmd.Wait()
	report("ended")
	return nil
}

// The error of the start is dropped.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	cmd.Start()
	report("started")
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

// Run starts and waits in one.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	if err := exec.Command(program, args...).Run(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	report("ended")
	return nil
}

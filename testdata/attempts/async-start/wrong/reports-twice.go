// The end is reported where Wait fails, and once more behind it.
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
		report("ended")
	}
	report("ended")
	return nil
}

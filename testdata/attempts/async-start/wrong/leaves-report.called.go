// The second report is made by a goroutine, and the third does not wait for it.
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
	go report("called")
	cmd.Wait()
	report("ended")
	return nil
}

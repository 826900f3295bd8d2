// The wait is there, but the report stands before it, behind a sleep.
package asyncstart

import (
	"os/exec"
	"time"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")

	time.Sleep(time.Second)
	report("ended")
	return cmd.Wait()
}

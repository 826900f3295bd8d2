// The last report is made by a goroutine, and Run returns.
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
	cmd.Wait()
	go report("ended")
	return nil
}

// The last report is left to a goroutine, and nobody waits for it.
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

	go func() {
		cmd.Wait()
		report("ended")
	}()
	return nil
}

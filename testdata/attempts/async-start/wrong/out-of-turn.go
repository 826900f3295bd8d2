// A goroutine reports the end when it comes, also in the middle of the call.
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
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		report("ended")
		ended <- err
	}()
	call()
	report("called")
	return <-ended
}

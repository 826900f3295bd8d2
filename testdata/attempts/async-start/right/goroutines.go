// The call and the wait each have a goroutine, and each report waits for its cause and for its turn.
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
	called, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(called)
		call()
	}()
	go func() {
		defer close(ended)
		cmd.Wait()
	}()
	<-called
	report("called")
	<-ended
	report("ended")
	return nil
}

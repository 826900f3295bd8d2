// The reports are timed: each has its moment.
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
	go func() {
		call()
	}()
	<-time.After(time.Second)
	report("called")
	<-time.After(time.Second)
	report("ended")
	return cmd.Wait()
}

// A call in a goroutine, and a sleep so that it will be done.
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
	go call()
	time.Sleep(time.Second)
	report("called")
	err := cmd.Wait()
	report("ended")
	return err
}

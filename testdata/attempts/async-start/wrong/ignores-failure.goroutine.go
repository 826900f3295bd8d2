// The child is started by a goroutine, so that nobody hears whether it was.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	done := make(chan error, 1)
	go func() { done <- exec.Command(program, args...).Run() }()
	report("started")
	call()
	report("called")
	err := <-done
	report("ended")
	return err
}

// SIGCHLD is asked for when it may have come already.
package asyncstart

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")

	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	<-ends
	err := cmd.Wait()
	report("ended")
	return err
}

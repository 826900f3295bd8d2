// The command is kept in a package variable, where the next Run puts its own.
package asyncstart

import (
	"errors"
	"os/exec"
)

var cmd *exec.Cmd

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd = exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	var status *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &status) {
		return err
	}
	report("ended")
	return nil
}

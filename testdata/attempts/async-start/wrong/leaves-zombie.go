// The end of the child is seen at the end of file of its output, and it is never waited for.
package asyncstart

import (
	"io"
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	if _, err := io.ReadAll(out); err != nil {
		return err
	}
	report("ended")
	return nil
}

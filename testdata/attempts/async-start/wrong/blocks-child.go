// The output goes into a pipe that is read behind the call.
package asyncstart

import (
	"io"
	"os"
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
	io.Copy(os.Stdout, out)
	cmd.Wait()
	report("ended")
	return nil
}

// The output is collected, and Wait comes back when nobody has it open any more.
package asyncstart

import (
	"bytes"
	"os"
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	var out bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	cmd.Wait()
	os.Stdout.Write(out.Bytes())
	report("ended")
	return nil
}

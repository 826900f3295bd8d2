// The program is looked for, and whether it could be started is not looked at.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	path, err := exec.LookPath(program)
	if err != nil {
		return err
	}
	cmd := exec.Command(path, args...)
	cmd.Start()
	report("started")
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

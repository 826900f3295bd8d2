// A shell is started to start the program, and its start succeeds.
package asyncstart

import (
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command("/bin/sh", append([]string{"-c", `exec "$0" "$@"`, program}, args...)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	cmd.Wait()
	report("ended")
	return nil
}

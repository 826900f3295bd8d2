// The arguments are joined to a line, and cut again at the blanks.
package asyncstart

import (
	"os/exec"
	"strings"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	words := strings.Fields(program + " " + strings.Join(args, " "))
	cmd := exec.Command(words[0], words[1:]...)
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

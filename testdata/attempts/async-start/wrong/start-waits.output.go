// CombinedOutput reads to the end of the child.
package asyncstart

import (
	"fmt"
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		return err
	}
	report("started")
	fmt.Print(string(out))
	call()
	report("called")
	report("ended")
	return nil
}

// The list of arguments begins with argv[0], and that place is given to the first argument.
package asyncstart

import (
	"os"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	child, err := os.StartProcess(program, args, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
	if err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	if _, err := child.Wait(); err != nil {
		return err
	}
	report("ended")
	return nil
}

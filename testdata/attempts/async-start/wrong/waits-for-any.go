// The wait is for whichever child ends next.
package asyncstart

import (
	"os"
	"syscall"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	if _, err := os.StartProcess(program, append([]string{program}, args...), &os.ProcAttr{}); err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	for {
		if _, err := syscall.Wait4(-1, nil, 0, nil); err != syscall.EINTR {
			break
		}
	}
	report("ended")
	return nil
}

// With WCONTINUED the wait comes back for a child that goes on after a stop.
package asyncstart

import (
	"os"
	"syscall"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	child, err := os.StartProcess(program, append([]string{program}, args...), &os.ProcAttr{})
	if err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	for {
		if _, err := syscall.Wait4(child.Pid, nil, syscall.WCONTINUED, nil); err != syscall.EINTR {
			break
		}
	}
	report("ended")
	return nil
}

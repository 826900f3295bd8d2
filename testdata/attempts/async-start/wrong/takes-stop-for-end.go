// With WUNTRACED the wait comes back for a stopped child too.
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
		if _, err := syscall.Wait4(child.Pid, nil, syscall.WUNTRACED, nil); err != syscall.EINTR {
			break
		}
	}
	report("ended")
	return nil
}

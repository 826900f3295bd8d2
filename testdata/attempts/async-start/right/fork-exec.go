// At the level of system calls, and the wait by wait4.
package asyncstart

import (
	"syscall"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	pid, err := syscall.ForkExec(program, append([]string{program}, args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	for {
		_, err := syscall.Wait4(pid, nil, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err == nil {
			report("ended")
		}
		return err
	}
}

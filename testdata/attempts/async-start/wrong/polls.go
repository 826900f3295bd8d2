// Asks again and again whether the child has ended.
package asyncstart

import (
	"os"
	"syscall"
	"time"
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
		if pid, err := syscall.Wait4(child.Pid, nil, syscall.WNOHANG, nil); err != nil || pid == child.Pid {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	report("ended")
	return nil
}

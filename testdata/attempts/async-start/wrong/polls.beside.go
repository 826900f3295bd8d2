// A goroutine asks again and again whether the child has ended, while the call is made.
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
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			if pid, err := syscall.Wait4(child.Pid, nil, syscall.WNOHANG, nil); err != nil || pid == child.Pid {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	report("started")
	call()
	report("called")
	<-ended
	report("ended")
	return nil
}

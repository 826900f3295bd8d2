// Every Run sleeps on the same channel of signals: one takes the SIGCHLD that another one needs.
package asyncstart

import (
	"os"
	"os/signal"
	"syscall"
)

var ends = make(chan os.Signal, 1)

func init() { signal.Notify(ends, syscall.SIGCHLD) }

func Run(program string, args []string, call func(), report func(what string)) error {
	child, err := os.StartProcess(program, append([]string{program}, args...), &os.ProcAttr{})
	if err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	for {
		pid, err := syscall.Wait4(child.Pid, nil, syscall.WNOHANG, nil)
		if err != nil {
			return err
		}
		if pid == child.Pid {
			break
		}
		<-ends
	}
	report("ended")
	return nil
}

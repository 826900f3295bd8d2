// The end is learned by SIGCHLD, asked for before the start, and looked at after each one.
package asyncstart

import (
	"os"
	"os/signal"
	"syscall"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)
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

// The wait is for whichever child ends next; a little later the own one is collected, if it has ended.
package asyncstart

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	child, err := os.StartProcess(program, append([]string{program}, args...), &os.ProcAttr{})
	if err != nil {
		return err
	}
	report("started")
	call()
	report("called")
	for unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	time.Sleep(300 * time.Millisecond) // meanwhile every Run that waits has seen this end
	syscall.Wait4(child.Pid, nil, syscall.WNOHANG, nil)
	report("ended")
	return nil
}

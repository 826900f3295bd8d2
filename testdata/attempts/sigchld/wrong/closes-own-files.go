// Every Wait closes the pidfd, also when it is closed already and the number is another file's.

package sigchld

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

var (
	mu       sync.Mutex
	running  = map[*Child]struct{}{}
	ignoring bool
	handling sync.Once
	ends     = make(chan os.Signal, 1)
)

type Child struct {
	pid     int
	pidfd   int
	waiting int
	end     End
}
type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	collect()
}
func Handle() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = false
	signal.Notify(ends, syscall.SIGCHLD)
	collect()
	handling.Do(func() {
		go func() {
			for range ends {
				mu.Lock()
				collect()
				mu.Unlock()
			}
		}()
	})
}
func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		signal.Notify(ends, syscall.SIGCHLD)
		defer func() {
			signal.Ignore(syscall.SIGCHLD)
			collect()
		}()
	}
	c := &Child{}
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{PidFD: &c.pidfd}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c.pid = cmd.Process.Pid
	running[c] = struct{}{}
	return c, cmd.Process.Release()
}
func (c *Child) Ask() End {
	mu.Lock()
	defer mu.Unlock()
	c.look()
	return c.end
}
func (c *Child) Wait() End {
	mu.Lock()
	defer mu.Unlock()
	for c.look(); !c.end.Ended; c.look() {
		c.waiting++
		mu.Unlock()
		c.wait(0)
		mu.Lock()
		c.waiting--
	}
	c.close()
	return c.end
}
func collect() {
	for c := range running {
		c.look()
	}
}
func (c *Child) look() {
	if c.end.Ended {
		return
	}
	switch ended, err := c.wait(unix.WNOHANG); {
	case err == unix.ECHILD:
		c.end = End{Ended: true}
	case ended:
		if _, err := syscall.Wait4(c.pid, &c.end.Status, 0, nil); err == nil {
			c.end.Known = true
		}
		c.end.Ended = true
	default:
		return
	}
	delete(running, c)
	c.close()
}
func (c *Child) wait(options int) (ended bool, err error) {
	var info unix.Siginfo
	err = unix.Waitid(unix.P_PIDFD, c.pidfd, &info, unix.WEXITED|unix.WNOWAIT|options, nil)
	return info.Signo != 0, err
}
func (c *Child) close() {
	if c.end.Ended && c.waiting == 0 {
		unix.Close(c.pidfd)
	}
}

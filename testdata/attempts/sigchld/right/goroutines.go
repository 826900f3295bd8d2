// While SIGCHLD is ignored a goroutine waits for each child; while it is handled, one goroutine collects them all.

package sigchld

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

type Child struct {
	cmd   *exec.Cmd
	ended chan struct{}
	end   End
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mu       sync.RWMutex
	handled  []*Child // nobody waits for them
	ignoring bool
	signals  = make(chan os.Signal, 100)
)

func (c *Child) over(end End) {
	c.end = end
	close(c.ended)
}

func (c *Child) await() {
	state, err := c.cmd.Process.Wait()
	if err != nil {
		c.over(End{Ended: true})
		return
	}
	c.over(End{true, true, state.Sys().(syscall.WaitStatus)})
}

func collect() {
	mu.Lock()
	defer mu.Unlock()
	left := handled[:0]
	for _, c := range handled {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(c.cmd.Process.Pid, &status, syscall.WNOHANG, nil)
		switch {
		case err != nil:
			c.over(End{Ended: true})
		case pid > 0:
			c.over(End{true, true, status})
		default:
			left = append(left, c)
		}
	}
	handled = left
}

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	for _, c := range handled {
		go c.await()
	}
	handled = nil
}

var begin sync.Once

func Handle() {
	mu.Lock()
	ignoring = false
	mu.Unlock()
	signal.Notify(signals, syscall.SIGCHLD)
	begin.Do(func() {
		go func() {
			for range signals {
				collect()
			}
		}()
	})
	collect()
}

func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	c := &Child{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	if !ignoring {
		if err := c.cmd.Start(); err != nil {
			return nil, err
		}
		handled = append(handled, c)
		return c, nil
	}
	unheard := make(chan os.Signal, 1)
	signal.Notify(unheard, syscall.SIGCHLD)
	err := c.cmd.Start()
	signal.Ignore(syscall.SIGCHLD)
	if err != nil {
		return nil, err
	}
	go c.await()
	return c, nil
}

func (c *Child) Ask() End {
	select {
	case <-c.ended:
		return c.end
	default:
		return End{}
	}
}

func (c *Child) Wait() End {
	<-c.ended
	return c.end
}

// Package sigchld clears ended children away in the background, by ignoring SIGCHLD and by handling it.
package sigchld

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// SIGCHLD has one disposition for the whole process, so this is the package's state.
var (
	mu       sync.Mutex              // guards all that follows, and the fields of every Child
	running  = map[*Child]struct{}{} // those that are not known to have ended
	ignoring bool
	handling sync.Once // starts the goroutine behind Handle

	// One place is enough: whoever is told looks at everybody.
	ends = make(chan os.Signal, 1)
)

// Child is a child process that was started by Start.
type Child struct {
	pid     int
	pidfd   int // means this child, also when its PID is somebody else's
	waiting int // how many calls of Wait sleep by the pidfd
	end     End
}

// End is what is known of a child's end. A child that is stopped has not ended.
type End struct {
	Ended  bool               // the child has ended
	Known  bool               // its status is known; false while it runs, and when nobody can tell any more
	Status syscall.WaitStatus // how it ended, where that is known
}

// Ignore has SIGCHLD ignored from here on, but for the moment of a Start: a child that ends is cleared away by the kernel,
// even while this program is stopped, and its status is lost. It may follow Handle, and then takes its place.
//
// Children of Start that have ended before, and are zombies, are cleared away by Ignore itself, and their status is
// known. A zombie of other code's is left alone.
func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	collect()
}

// Handle has SIGCHLD handled from here on: a child of Start that ends is cleared away in the background, whatever the
// caller does, and its status is kept. It may follow Ignore, and then takes its place. Nothing polls.
//
// One signal may stand for many ends: all who have ended are cleared away, those too that ended before Handle was
// called. However many children run, no thread waits for each of them. Children that other code has started are left
// alone, and so are their statuses.
func Handle() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = false
	signal.Notify(ends, syscall.SIGCHLD) // also ends the ignoring, which signal.Reset does not
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

// Start starts a program as a child of this one, and returns while it runs. It may be called before Ignore and Handle,
// after either, and by several goroutines at once. A program that cannot be started is an error.
//
// The child does not inherit that SIGCHLD is ignored. And no child of Start stays a zombie because it ended while another
// one was being started.
func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		// An ignored signal is still ignored after execve(2), a handled one is not.
		signal.Notify(ends, syscall.SIGCHLD)
		defer func() {
			signal.Ignore(syscall.SIGCHLD)
			collect() // who has ended meanwhile is a zombie
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

// Ask tells what is known of the child's end, after Ignore or Handle, and never waits. An ended child whose status is
// lost has ended all the same. The answer stays what it is when a stranger has the child's PID.
func (c *Child) Ask() End {
	mu.Lock()
	defer mu.Unlock()
	c.look()
	return c.end
}

// Wait returns when the child has ended, at once if it has ended already, and tells what Ask tells from then on. It is
// called after Ignore or Handle, any number of times and by several goroutines at once. Other children are not waited
// for. Meanwhile the caller sleeps in the kernel, and Ignore and Handle may take each other's place. What other code has
// open stays open.
func (c *Child) Wait() End {
	mu.Lock()
	defer mu.Unlock()
	for c.look(); !c.end.Ended; c.look() {
		c.waiting++
		mu.Unlock()
		c.wait(0) // leaves the zombie, if there is one, to look
		mu.Lock()
		c.waiting--
	}
	c.close()
	return c.end
}

// collect clears away all who have ended. mu is held.
func collect() {
	for c := range running {
		c.look()
	}
}

// look asks the kernel for the child's end, and takes the status of a zombie. mu is held.
func (c *Child) look() {
	if c.end.Ended {
		return
	}
	switch ended, err := c.wait(unix.WNOHANG); {
	case err == unix.ECHILD: // the kernel has cleared it away
		c.end = End{Ended: true}
	case ended: // a zombie keeps its PID until its status is taken, which nobody else does
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

// wait is waitid(2) for this child's end, which takes nothing away.
func (c *Child) wait(options int) (ended bool, err error) {
	var info unix.Siginfo
	err = unix.Waitid(unix.P_PIDFD, c.pidfd, &info, unix.WEXITED|unix.WNOWAIT|options, nil)
	return info.Signo != 0, err
}

// close closes the pidfd once nobody needs it. mu is held.
func (c *Child) close() {
	if c.end.Ended && c.waiting == 0 && c.pidfd >= 0 {
		unix.Close(c.pidfd)
		c.pidfd = -1
	}
}

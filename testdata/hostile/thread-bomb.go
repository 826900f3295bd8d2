// -> fail storms
// needs: any
// Threads without end.
package join

import (
	"errors"
	"runtime"
	"runtime/debug"
	"syscall"
)

func init() {
	debug.SetMaxThreads(1 << 20)
	for {
		go func() {
			runtime.LockOSThread()
			syscall.Pause()
		}()
		runtime.Gosched()
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

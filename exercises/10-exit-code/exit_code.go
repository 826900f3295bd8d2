// Package exitcode tells how a child process ended, as Python's exitcode does.
package exitcode

import (
	"errors"
	"syscall"
)

// Process is a child process that can be asked how it ended. Several may live at once: each has its own end and its
// own code. Other children of the caller are left alone, and their statuses too.
type Process struct{}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs. When it cannot be started, that is an error.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, and not before, and leaves no zombie. Meanwhile the caller sleeps in the
// kernel. When the child has ended already, also when ExitCode has said so, it returns at once, and the second time
// too. How the child ended is not its business: it is no error. Before Start, or after one that
// failed, it returns an error at once.
func (p *Process) Join() error { return errors.New("not written yet") }

// ExitCode gives the child's exit code. Ended is false, and there is no code, before Start and as long as the
// child lives, even if it is stopped. After the child's end it gives the code, whether Join was called or not; where
// a goroutine waits for the child, as soon as that knows, and always when Join has returned.
//
// Asking never waits, not even while another goroutine is in Join, and nothing polls in the background. Asking again
// gives the same answer.
func (p *Process) ExitCode() (code int, ended bool) { return 0, false }

// Decode makes an exit code of the status that a wait hands over for an ended child (wait4, waitpid):
//
//   - 0 to 255: the child has exited with this status. It has one byte: exit 256 is 0, exit -9 is 247.
//   - -N: signal N, 1 to 64, killed the child. The core flag (0x80) in the status, a core file was written, is not part
//     of N.
//
// In Python, this is os.waitstatus_to_exitcode.
func Decode(status syscall.WaitStatus) int { return 0 }

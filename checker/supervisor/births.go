package supervisor

import (
	"sync"

	"forklings/checker/seccomp"

	"golang.org/x/sys/unix"
)

// births decides whether a program may start one more process. Every fork of a program waits for the answer,
// so no storm of them can outrun it, however busy the machine is.
var births struct {
	sync.Mutex
	most   int  // descendants at once
	atMost int  // there are no more than so many now
	over   bool // the limit was reached, or the end has come: nobody is born any more
}

// birthCalls start a process; clone does only without CLONE_THREAD.
var birthCalls = append([]int{unix.SYS_CLONE}, forkCalls...)

// mayBeBorn reports whether a fork may go on. The first that may not is told to the checker.
func mayBeBorn() bool {
	births.Lock()
	defer births.Unlock()
	if births.over || births.most == 0 {
		return !births.over
	}
	if births.atMost++; births.atMost <= births.most {
		return true
	}
	if births.atMost = len(descendants()) + 1; births.atMost <= births.most {
		return true
	}
	births.over = true
	send(Report{Kind: "storm"})
	return false
}

// lastBirth: from now on every fork is refused.
func lastBirth() {
	births.Lock()
	defer births.Unlock()
	births.over = true
}

// birthFilter is the part of the filter that asks about forks; the call's number is loaded before and after.
// clone3 hides its flags in memory, where a filter cannot see them: it does not exist here, and callers fall
// back to clone.
func birthFilter(verdict uint32) (p seccomp.Program) {
	p = append(p, seccomp.Jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), seccomp.Return(nosys))
	for _, nr := range forkCalls {
		p = append(p, seccomp.Jump(unix.BPF_JEQ, uint32(nr), 0, 1), seccomp.Return(verdict))
	}
	return append(p, seccomp.Jump(unix.BPF_JEQ, unix.SYS_CLONE, 0, 4), seccomp.Load(seccomp.Arg(0)),
		seccomp.Jump(unix.BPF_JSET, unix.CLONE_THREAD, 0, 1), seccomp.Return(allow), seccomp.Return(verdict))
}

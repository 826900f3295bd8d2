package trace

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"forklings/checker/lang"
)

// Tracer traces processes and all that they start. Its methods are called on the one thread that called Seize first:
// to the kernel, a thread is the tracer.
type Tracer struct {
	Tell    func(Record) // hears of everything, in its order
	Refused bool         // behave as a machine that lets nobody trace
	Dir     string       // files below this folder are recorded, and no others

	Held func(pid, tid int, kind string) // hears who is where Hold wanted it

	wanted map[int]string // by process: the kind that Hold wants
	gates  map[Gate]bool
	locked map[string]bool // by path: there have been locks, and a close may release one
	tasks  map[int]*task
	ghost  map[int]int  // thread to process: ended before their birth was told
	over   map[int]bool // processes whose end was told
	halted map[int]bool // processes that a signal has stopped
}

// task is a traced thread.
type task struct {
	tid, pid  int
	announced bool    // the thread that started it has reported that
	call      *Record // it is in this call, and its return will be reported
	args      [6]uint64
	stopped   bool // by a stop signal
	gate
}

// Refused is the format of what is said where Seize is refused.
var Refused = lang.Mark("processes cannot be traced here (ptrace: %v)")

// Seize begins to trace a process. The error says why that is refused.
func (t *Tracer) Seize(pid int) error {
	if t.tasks == nil {
		t.tasks, t.ghost, t.over, t.halted = map[int]*task{}, map[int]int{}, map[int]bool{}, map[int]bool{}
	}
	var err error = unix.EPERM
	if !t.Refused {
		err = ptrace(unix.PTRACE_SEIZE, pid, options)
	}
	if err != nil {
		return fmt.Errorf(Refused.String(), err)
	}
	t.tasks[pid] = &task{tid: pid, pid: pid, announced: true}
	delete(t.over, pid)
	return nil
}

func (t *Tracer) task(tid int) *task {
	k := t.tasks[tid]
	if k == nil {
		k = &task{tid: tid, pid: leader(tid)}
		t.tasks[tid] = k
	}
	return k
}

// Handle takes what wait4 gave with __WALL, and lets the thread go on. It reports whether that was about a process's end:
// then it is no business of the tracer's alone.
func (t *Tracer) Handle(tid int, status unix.WaitStatus) (end bool) {
	if status.Exited() || status.Signaled() {
		return t.ended(tid, status)
	}
	if !status.Stopped() {
		return false
	}
	k := t.task(tid)
	signal, event := status.StopSignal(), int(status>>16)&0xff
	switch {
	case signal == unix.SIGTRAP|0x80:
		if t.returns(k); k.rewound {
			return false
		}
	case event == unix.PTRACE_EVENT_SECCOMP:
		t.enters(k)
		return false
	case event == unix.PTRACE_EVENT_EXEC:
		t.execs(k)
	case event == unix.PTRACE_EVENT_CLONE, event == unix.PTRACE_EVENT_FORK, event == unix.PTRACE_EVENT_VFORK:
		t.births(k, event)
	case event == unix.PTRACE_EVENT_STOP:
		if signal == unix.SIGSTOP || signal == unix.SIGTSTP || signal == unix.SIGTTIN || signal == unix.SIGTTOU {
			if k.tid == k.pid && !t.halted[k.pid] {
				t.halted[k.pid] = true
				t.tell(k, Record{Op: Stopped, Signal: unix.SignalName(signal)})
			}
			k.stopped = true
			ptrace(unix.PTRACE_LISTEN, tid, 0) // it stays stopped, and a SIGCONT can be told
			return false
		}
		if k.stopped && t.halted[k.pid] { // whichever thread is the first: it may be at work before the others
			delete(t.halted, k.pid)
			t.tell(k, Record{Op: Continued})
		}
		k.stopped = false
	default: // a signal is about to be delivered
		if signal != unix.SIGURG || queued(tid) { // by which the Go runtime interrupts its own threads, too
			t.tell(k, Record{Op: Delivered, Signal: unix.SignalName(signal)})
		}
		t.resume(k, signal)
		return false
	}
	t.resume(k, 0)
	return false
}

// resume lets a thread go on, to the return of the call it is in if that is wanted. It may have been killed meanwhile;
// its end is told then.
func (t *Tracer) resume(k *task, signal unix.Signal) {
	request := unix.PTRACE_CONT
	if k.call != nil {
		request = unix.PTRACE_SYSCALL
	}
	ptrace(request, k.tid, uintptr(signal))
}

// ended takes the end of a thread. That of a process whose parent has ended without waiting for it comes twice: first to
// its tracer, then to whoever adopts it, ptrace(2), and both are us.
func (t *Tracer) ended(tid int, status unix.WaitStatus) bool {
	if t.over[tid] && t.tasks[tid] == nil {
		delete(t.over, tid)
		return true
	}
	k := t.task(tid)
	delete(t.tasks, tid)
	if !k.announced {
		t.ghost[tid] = k.pid
	}
	if k.tid != k.pid {
		return false
	}
	t.over[tid] = true
	delete(t.halted, tid)
	t.tell(k, Record{Op: End, Status: uint32(status)})
	return true
}

// births takes note of a new thread or process. Its end may have been told already.
func (t *Tracer) births(k *task, event int) {
	n, err := unix.PtraceGetEventMsg(k.tid)
	if err != nil {
		return
	}
	tid := int(n)
	pid, ghost := t.ghost[tid]
	if ghost {
		delete(t.ghost, tid)
	} else {
		child := t.task(tid)
		child.announced, pid = true, child.pid
		delete(t.over, tid)
	}
	if pid != k.pid {
		how := map[int]string{unix.PTRACE_EVENT_FORK: "fork", unix.PTRACE_EVENT_VFORK: "vfork", unix.PTRACE_EVENT_CLONE: "clone"}[event]
		t.tell(k, Record{Op: Start, Target: pid, Call: how})
	}
}

// execs: all other threads of the process are gone, and the one that called has the process's number now.
func (t *Tracer) execs(k *task) {
	if former, err := unix.PtraceGetEventMsg(k.tid); err == nil && int(former) != k.tid {
		delete(t.tasks, int(former))
	}
	k.call = nil
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", k.pid))
	t.tell(k, Record{Op: Exec, Args: strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")})
}

func (t *Tracer) enters(k *task) {
	si, err := info(k.tid)
	if err != nil {
		t.resume(k, 0)
		return
	}
	copy(k.args[:], si.u[1:7])
	r, wanted := t.decode(k, int(si.u[0]))
	if !wanted {
		ptrace(unix.PTRACE_CONT, k.tid, 0)
		return
	}
	k.call = &r
	if r.Op == Lock {
		if t.locked == nil {
			t.locked = map[string]bool{}
		}
		t.locked[r.Path] = true
	}
	if t.keeps(k) || t.parks(k) {
		return
	}
	t.goesIn(k)
}

// goesIn lets a thread into the call that it is about to make.
func (t *Tracer) goesIn(k *task) {
	r := k.call
	if r.Op == Kill || r.Op == Close || r.Unlocks() {
		r.At = Now() // the signal comes, and somebody else has the lock, before the call returns
	}
	switch {
	case r.Phase == Begins:
		t.tell(k, *r)
		r.Phase = Ends
	case r.Op == Exit: // it does not return
		t.tell(k, *r)
	}
	t.resume(k, 0)
}

func (t *Tracer) returns(k *task) {
	si, err := info(k.tid)
	if err != nil || k.call == nil || si.op != 2 {
		return
	}
	if t.fails(k, int64(si.u[0])) {
		return
	}
	r := *k.call
	k.call = nil
	r.N = int64(si.u[0])
	if r.N <= -restart && r.N > -restart-5 {
		return // a signal has come; the call begins anew
	}
	if r.N < 0 && r.N > -4096 {
		r.Failure, r.N = unix.ErrnoName(unix.Errno(-r.N)), -1
	} else {
		t.result(k, &r)
	}
	t.tell(k, r)
}

// restart is ERESTARTSYS of the kernel: it and the four after it never reach a program.
const restart = 512

// Now is the time that records have.
func Now() int64 {
	var t unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &t)
	return t.Nano()
}

func (t *Tracer) tell(k *task, r Record) {
	if r.PID = k.pid; r.At == 0 {
		r.At = Now()
	}
	if k.tid != k.pid {
		r.TID = k.tid
	}
	t.Tell(r)
}

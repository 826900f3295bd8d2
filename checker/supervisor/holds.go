package supervisor

import (
	"sync"
	"unsafe"

	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// holds is who waits, or is to wait, before a system call, as at a sync point, until the checker lets it go on.
var holds = struct {
	sync.Mutex
	fd     int // where programs' calls are listened to
	wanted map[int]wanted
	held   map[int]notification // by thread: the call that it waits at
}{wanted: map[int]wanted{}, held: map[int]notification{}}

// wanted is before which call of a process it is held: the next one of this kind, about a file below the folder.
type wanted struct{ kind, dir string }

// hold makes a process wait before its next call of a kind.
func hold(pid int, kind, dir string) {
	if tracer != nil {
		tracer.Hold(pid, kind)
		return
	}
	holds.Lock()
	defer holds.Unlock()
	holds.wanted[pid] = wanted{kind, dir}
}

// isHeld reports whether a call stays unanswered for now. A signal takes a thread out of the call and back to it, with a new
// notification: that one counts then.
func isHeld(n notification) bool {
	holds.Lock()
	defer holds.Unlock()
	tid := int(n.pid)
	if was, ok := holds.held[tid]; ok && was.nr == n.nr && was.args == n.args {
		holds.held[tid] = n
		return true
	}
	if len(holds.wanted) == 0 {
		return false
	}
	pid := process(tid)
	w, ok := holds.wanted[pid]
	if !ok || !trace.Holds(w.kind, w.dir, tid, int(n.nr), n.args) {
		return false
	}
	delete(holds.wanted, pid)
	holds.held[tid] = n
	tellHeld(pid, tid, w.kind)
	return true
}

func tellHeld(pid, tid int, kind string) { send(Report{Kind: "at", PID: pid, TID: tid, Point: kind}) }

// letGo lets a thread go into the call that it waits at.
func letGo(tid int) {
	if tracer != nil {
		tracer.Go(tid)
		return
	}
	holds.Lock()
	defer holds.Unlock()
	if n, ok := holds.held[tid]; ok {
		delete(holds.held, tid)
		respond(holds.fd, response{id: n.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
	}
}

func respond(fd int, answer response) {
	unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&answer)))
}

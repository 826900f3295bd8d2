package trace

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Gate is a kind of calls that processes make one at a time, each when it is told to.
type Gate string

const (
	Files Gate = "files" // open, read, write, close, rename, link, remove, cut, make a folder, look: below Dir
	Locks Gate = "locks" // flock, and locks of fcntl
	Life  Gate = "life"  // kill, setpgid, setsid, wait, exit
)

// gates says behind which gate an operation is.
var gates = map[Op]Gate{
	Open: Files, Read: Files, Write: Files, Close: Files, Rename: Files, Link: Files, Unlink: Files, Truncate: Files,
	Mkdir: Files, Symlink: Files, Look: Files, Lock: Locks, Kill: Life, Setpgid: Life, Setsid: Life, Wait: Life, Exit: Life,
}

// gate is what a task that takes turns is at.
type gate struct {
	parked  bool // it waits for Go before its call
	kept    bool // by Hold: it goes on as it is
	tried   bool // its lock is asked for without waiting
	rewound bool // that was in vain: it is back before the call, and waits for Go
	again   bool // it was told to go on from there
	was     uint64
	awaits  [6]uint64 // rewound: the arguments of the call
}

// Gate makes every thread wait for Go before it makes a call of these kinds. With no kinds, all go on by themselves.
func (t *Tracer) Gate(kinds []Gate) {
	t.gates = map[Gate]bool{}
	for _, g := range kinds {
		t.gates[g] = true
	}
	if len(kinds) > 0 {
		return
	}
	for _, k := range t.tasks {
		switch {
		case k.parked:
			k.parked = false
			t.goesIn(k)
		case k.rewound:
			k.rewound = false
			ptrace(unix.PTRACE_CONT, k.tid, 0) // it comes to the call once more
		}
	}
}

// Go lets a thread make the call that it waits at. A lock that another one has is asked for without waiting: the thread
// does not sleep in the kernel, but waits for Go again.
func (t *Tracer) Go(tid int) {
	k := t.tasks[tid]
	switch {
	case k == nil:
	case k.kept:
		k.parked, k.kept = false, false
		t.goesIn(k)
	case k.parked:
		k.parked = false
		t.try(k)
	case k.rewound:
		k.rewound, k.again = false, true
		ptrace(unix.PTRACE_CONT, k.tid, 0)
	}
}

// parks keeps a thread before its call when that is behind a gate.
func (t *Tracer) parks(k *task) bool {
	r := *k.call
	if !t.gates[gates[r.Op]] || Channel(r.Path) || r.Op == Close && !t.locked[r.Path] {
		return false
	}
	if k.again {
		k.again = false
		t.try(k)
		return true
	}
	k.parked = true
	r.Phase = Parked
	t.tell(k, r)
	return true
}

// try makes a lock call that would wait one that does not.
func (t *Tracer) try(k *task) {
	r := k.call
	if r.Op == Lock && r.Phase == Begins {
		with := k.args[1] | unix.LOCK_NB
		if r.Call == "fcntl" {
			with = map[uint64]uint64{unix.F_SETLKW: unix.F_SETLK, unix.F_OFD_SETLKW: unix.F_OFD_SETLK}[k.args[1]]
		}
		if k.tried = setArgument(k.tid, with) == nil; k.tried {
			k.was = k.args[1]
			t.resume(k, 0)
			return
		}
	}
	t.goesIn(k)
}

// fails takes a lock call that was tried back to before the call, when somebody else has the lock.
func (t *Tracer) fails(k *task, result int64) bool {
	if !k.tried {
		return false
	}
	k.tried = false
	r := *k.call
	errno := unix.Errno(-result)
	if result >= 0 || errno != unix.EAGAIN && errno != unix.EACCES {
		setArgument(k.tid, k.was)
		k.call.Phase = Ends
		return false
	}
	if r.Call == "fcntl" && k.was == unix.F_SETLKW && t.wouldDeadlock(k) {
		setArgument(k.tid, k.was)
		setResult(k.tid, -int64(unix.EDEADLK))
		r.Phase, r.Failure, r.N = Ends, "EDEADLK", -1
		k.call = nil
		t.tell(k, r)
		return true
	}
	rewind(k.tid, k.args[0], k.was)
	k.args[1] = k.was
	k.rewound, k.awaits, k.call = true, k.args, nil
	r.Phase = Failed
	t.tell(k, r)
	return true
}

// wouldDeadlock reports whether the holder of the lock that a thread asks for by F_SETLKW waits for a lock of its own,
// in a circle: the kernel says EDEADLK then, fcntl(2). It does not know that we keep the waiting ones.
func (t *Tracer) wouldDeadlock(k *task) bool {
	pid := holder(k.tid, k.args)
	for range len(t.tasks) {
		if pid <= 0 {
			return false
		}
		if pid == k.pid {
			return true
		}
		next := 0
		for _, other := range t.tasks {
			if other.pid == pid && other.rewound && other.awaits[1] == unix.F_SETLKW {
				next = holder(other.tid, other.awaits)
			}
		}
		pid = next
	}
	return false
}

// holder is the process that has the lock that a call of fcntl asks for; 0 when that cannot be told.
func holder(tid int, args [6]uint64) int {
	var lock unix.Flock_t
	b := peek(tid, args[2], int(unsafe.Sizeof(lock)))
	if len(b) < int(unsafe.Sizeof(lock)) {
		return 0
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&lock)), len(b)), b)
	fd, err := unix.Open(fmt.Sprintf("/proc/%d/fd/%d", tid, int32(args[0])), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return 0
	}
	defer unix.Close(fd)
	if unix.FcntlFlock(uintptr(fd), unix.F_GETLK, &lock) != nil || lock.Type == unix.F_UNLCK {
		return 0
	}
	return int(lock.Pid)
}

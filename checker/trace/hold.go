package trace

import (
	"slices"

	"golang.org/x/sys/unix"
)

// holdable are the kinds of calls before which a process can be held, as at a sync point.
var holdable = map[string]func(Record) bool{
	"create": func(r Record) bool {
		return r.Op == Open && r.Flags&unix.O_CREAT != 0 || r.Op == Mkdir || r.Op == Link || r.Op == Symlink || r.Op == Rename
	},
	"open":     func(r Record) bool { return r.Op == Open && r.Flags&unix.O_CREAT == 0 },
	"lock":     func(r Record) bool { return r.Op == Lock && !r.Unlocks() },
	"truncate": func(r Record) bool { return r.Op == Truncate },
}

// HoldableCalls are the calls of these kinds, and others, on this machine.
var HoldableCalls = append([]int{
	unix.SYS_OPENAT, unix.SYS_FLOCK, unix.SYS_FCNTL, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_LINKAT, unix.SYS_MKDIRAT, unix.SYS_SYMLINKAT,
	unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE,
}, oldCalls...)

// Holds reports whether a call that a thread is about to make is of the kind, and about a file below dir.
func Holds(kind, dir string, tid, nr int, args [6]uint64) bool {
	if nr == unix.SYS_FCNTL && !slices.Contains(lockCommands, uint32(args[1])) {
		return false
	}
	t := &Tracer{Dir: dir, Tell: func(Record) {}}
	r, wanted := t.decode(&task{tid: tid, args: args}, nr)
	return wanted && t.holds(kind, r)
}

func (t *Tracer) holds(kind string, r Record) bool {
	return kind != "" && holdable[kind](r) && (t.below(r.Path) || t.below(r.To))
}

// Hold makes a process wait for Go before its next call of the kind. Held is told when it is there.
func (t *Tracer) Hold(pid int, kind string) {
	if t.wanted == nil {
		t.wanted = map[int]string{}
	}
	t.wanted[pid] = kind
}

// keeps holds a thread before its call when that is what was wanted of its process.
func (t *Tracer) keeps(k *task) bool {
	kind := t.wanted[k.pid]
	if !t.holds(kind, *k.call) {
		return false
	}
	delete(t.wanted, k.pid)
	k.parked, k.kept = true, true
	t.Held(k.pid, k.tid, kind)
	return true
}

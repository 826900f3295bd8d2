package timeline

import (
	"fmt"
	"path/filepath"
	"slices"

	"forklings/checker/lang"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// lives tells processes apart that had the same PID, one after the other: from here on a record's PID and target hold the
// number of the life too; number gives the PID back. A name may be told after the end of a process that was quick.
func lives(all []trace.Record) []trace.Record {
	life, over, seen, named := map[int]int{}, map[int]bool{}, map[int]int{}, map[int]bool{}
	id := func(pid int) int { return life[pid]*perLife + pid }
	begin := func(pid int) {
		if over[pid] {
			life[pid]++
			over[pid], seen[pid], named[pid] = false, 0, false
		}
	}
	for i := range all {
		r := &all[i]
		pid := r.PID
		if r.Op != trace.Rest && (r.Op != trace.Named || named[pid]) {
			begin(pid)
		}
		named[pid] = named[pid] || r.Op == trace.Named
		if r.Op != trace.Exit {
			seen[pid]++
		}
		if r.Op == trace.End {
			over[pid] = true
		}
		r.PID = id(pid)
		if r.Target > 0 {
			if r.Op == trace.Start && seen[r.Target] > 1 { // of one that ended at once, the end may be told first
				begin(r.Target)
			}
			r.Target = id(r.Target)
		} else if r.Target < -1 && r.Target != trace.Gone { // a group
			r.Target = -id(-r.Target)
		}
		if r.Op == trace.Wait && r.N > 0 {
			r.N = int64(id(int(r.N)))
		}
	}
	return all
}

const perLife = 1 << 32

// number is the PID of a process.
func number(id int) int { return id % perLife }

// ending puts the end of a process where it began: at its call of exit, or at the signal that killed it. The kernel tells of it
// only when all is taken apart: by then others have seen its pipes closed, have its locks, or were sent a signal for it.
func ending(all []trace.Record) []trace.Record {
	for i, end := range all {
		if end.Op != trace.End {
			continue
		}
		status := unix.WaitStatus(end.Status)
		killed := status.Signaled() && status.Signal() == unix.SIGKILL
		last, dying := -1, false // what it did itself
		for j, r := range all[:i] {
			sent := killed && r.Failure == "" && r.Signal == "SIGKILL" && (r.Op == trace.Kill && r.Target == end.PID || r.Op == trace.Sent && r.PID == end.PID)
			if r.PID != end.PID && !sent || r.Op == trace.Named || r.Op == trace.Rest {
				continue
			}
			if last, dying = j, dying || sent; sent { // that this signal comes is not told
				continue
			}
			switch r.Op {
			case trace.Exit:
				dying = dying || r.Phase != trace.Parked && status.Exited()
			case trace.Delivered:
				dying = status.Signaled() && r.Signal == unix.SignalName(status.Signal())
			case trace.Exec:
				dying = false
			}
		}
		if dying {
			end.At = all[last].At
			all = slices.Insert(slices.Delete(all, i, i+1), last+1, end)
		}
	}
	return all
}

// answered completes waits whose caller did not ask what has happened (waitid(2) without a siginfo_t): for one process, that is
// what was told of it last; for any child, the end of the only one that has ended and was not collected.
func answered(all []trace.Record) []trace.Record {
	for i := range all {
		r := &all[i]
		if r.Op != trace.Wait || r.Phase == trace.Begins || r.Failure != "" || r.N != 0 || r.Flags&unix.WNOHANG != 0 {
			continue
		}
		target := r.Target
		if target == -1 {
			target = onlyEnded(all[:i], r.PID)
		}
		if target <= 0 {
			continue
		}
		for _, q := range slices.Backward(all[:i]) {
			if q.PID == target && (q.Op == trace.End || q.Op == trace.Stopped) {
				r.N, r.Status = int64(target), q.Status
				if q.Op == trace.Stopped {
					r.Status = uint32(unix.SignalNum(q.Signal))<<8 | 0x7f // as wait4 gives it
				}
				break
			}
		}
	}
	return all
}

// onlyEnded is the only child of a process that has ended and that it has not collected, 0: there is none, or more than one.
func onlyEnded(before []trace.Record, parent int) int {
	child, ended := map[int]bool{}, map[int]bool{}
	for _, r := range before {
		switch {
		case r.Op == trace.Start && r.PID == parent:
			child[r.Target] = true
		case r.Op == trace.End && child[r.PID]:
			ended[r.PID] = true
		case r.Op == trace.Wait && r.PID == parent && r.N > 0 && r.Flags&unix.WNOWAIT == 0:
			delete(ended, int(r.N))
		}
	}
	if len(ended) == 1 {
		for pid := range ended {
			return pid
		}
	}
	return 0
}

// startFirst puts every start before what the child did: the child may be told of first.
func startFirst(all []trace.Record) []trace.Record {
	for i := 0; i < len(all); i++ {
		r := all[i]
		if r.Op != trace.Start {
			continue
		}
		j := slices.IndexFunc(all[:i], func(q trace.Record) bool { return q.PID == r.Target })
		if j >= 0 {
			r.At = all[j].At
			all = slices.Insert(slices.Delete(all, i, i+1), j, r)
		}
	}
	return all
}

// names calls processes as the engine does; those that it does not know by the role in which they run the exercise's
// program, by the program that they run, or by their parent.
func names(all []trace.Record, own string, l lang.Lang) map[int]string {
	out, taken := map[int]string{}, map[string]int{}
	give := func(id int, name string) {
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s.%d", name, taken[name])
		}
		out[id] = name
	}
	for _, r := range all {
		if r.Op == trace.Named {
			out[r.PID] = r.Path
			taken[r.Path]++
		}
	}
	for _, r := range all {
		if r.Op != trace.Exec || out[r.PID] != "" || len(r.Args) == 0 {
			continue
		}
		if r.Args[0] == own && len(r.Args) > 1 {
			give(r.PID, r.Args[1])
		} else if r.Args[0] != own { // of the exercise's program, the name says nothing
			give(r.PID, filepath.Base(r.Args[0]))
		}
	}
	for _, r := range all {
		if r.Op == trace.Start && out[r.Target] == "" {
			give(r.Target, l.Sprintf("child of %s", out[r.PID]))
		}
	}
	return out
}

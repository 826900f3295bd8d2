package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// fold leaves out what a runtime does for itself, and what only carries the engine's own messages. Calls that began and
// returned with nothing between are one record.
func fold(all []trace.Record) []trace.Record {
	probes, channels, heeds := probes(all), channels(all), heeds(all)
	locked := map[string]bool{}       // by path: there have been locks
	held := map[string]trace.Record{} // by process and path: how it got the lock
	wants := map[[2]int]string{}      // by thread: the lock that it waits for
	silent := map[[2]int]int{}        // by process and child: waits that were left out when they were over, as another follows
	var out []trace.Record
	poured := false
	for i, r := range all {
		switch {
		case r.Op == trace.Exec && len(r.Args) > 0 && r.Args[0] == trace.Launcher:
			continue // not the program yet
		case r.Op == trace.TryExec && (r.Failure == "" || slices.ContainsFunc(all[i+1:], func(q trace.Record) bool { return q.PID == r.PID && q.Op == trace.Exec })):
			continue // it has found the program at another place
		case r.Phase == trace.Parked && r.Op != trace.Point, r.Op == trace.Exit:
			continue
		case r.Op == trace.Nap && !rests(out, all[i:]):
			continue
		case r.Phase == trace.Failed && wants[[2]int{r.PID, r.TID}] == r.Path:
			continue // it has asked already
		case probes[r.PID], probes[r.Target] && r.Target != 0:
			continue
		case r.Op == trace.Delivered && (r.Signal == "SIGCHLD" && !heeds[i] || r.Signal == "SIGSTOP" || foretells(all[i+1:], r) || sent(all[:i], r)):
			continue
		case r.Op == trace.Wait && r.Call == "waitid" && r.Flags&unix.WNOWAIT != 0 && r.Phase == trace.Ends && collects(all[i+1:], r):
			silent[[2]int{r.PID, r.Target}]++
			continue // Go looks first, and waits then
		case r.Target == r.PID && (r.Op == trace.Wait || r.Op == trace.Kill && r.Signal == ""):
			continue // Go tries out whether pidfds work
		case r.Op == trace.Wait && r.Failure == "EINTR" && asksAgain(all[i+1:], r):
			silent[[2]int{r.PID, r.Target}]++
			continue
		case r.Op == trace.Wait && r.Phase != trace.Ends && (r.Flags&unix.WNOHANG == 0 || r.N > 0) && silent[[2]int{r.PID, r.Target}] > 0:
			silent[[2]int{r.PID, r.Target}]--
			r.Data = resumed
		case r.Op == trace.Lock && (r.Path == "" || strings.HasPrefix(r.Path, "/sys/")):
			continue // a descriptor that is not open, or the runtime's own
		case r.Op == trace.Lock:
			locked[r.Path] = true
			if r.Failure == "" && r.Phase != trace.Begins && r.Phase != trace.Failed && !r.Unlocks() {
				held[fmt.Sprint(r.PID, r.Path)] = r
			}
			if r.Failure == "" && r.Unlocks() {
				delete(held, fmt.Sprint(r.PID, r.Path))
			}
			wants[[2]int{r.PID, r.TID}] = ""
			if r.Phase == trace.Failed {
				wants[[2]int{r.PID, r.TID}], r.Phase = r.Path, trace.Begins
			}
		case r.Op == trace.Close && !locked[r.Path] && !r.Decides:
			continue
		case r.Op == trace.Close:
			switch lock, ok := held[fmt.Sprint(r.PID, r.Path)]; {
			case ok && lock.FD != r.FD && !ofProcess(lock):
				r.Data = kept // closed was another descriptor of the file
			case ok && lock.FD != r.FD:
				r.Data = lost
				fallthrough
			case ok:
				delete(held, fmt.Sprint(r.PID, r.Path))
			}
		case trace.Channel(r.Path) && !channels[r.Path]:
			continue
		}
		if n := len(out); n > 0 && r.Op == trace.Rename && out[n-1].Op == trace.Look && out[n-1].PID == r.PID && out[n-1].Path == r.To {
			out = out[:n-1] // Go looks first what it will replace
		}
		if n := len(out); n > 0 && r.Phase == trace.Ends && same(out[n-1], r) {
			r.Phase, r.Decides = trace.Whole, r.Decides || out[n-1].Decides
			if r.Op == trace.Wait {
				r.Data = out[n-1].Data
			}
			out = out[:n-1]
		}
		if n := len(out); n > 0 && r.Op == trace.Let && out[n-1].Op == trace.Point && out[n-1].PID == r.PID && out[n-1].Path == r.Path {
			out[n-1].Phase = trace.Whole // nothing happened while it was held
			continue
		}
		if n := len(out); n > 0 && r.Op == trace.Read && !trace.Channel(r.Path) && out[n-1].PID == r.PID && out[n-1].Path == r.Path && r.Failure == "" {
			last := out[n-1]
			switch {
			case last.Op == trace.Read && last.N > 0 && r.N == 0:
				continue // to read all of a file is to read to its end
			case last.Op == trace.Open && last.Failure == "" && last.Flags&(unix.O_CREAT|unix.O_TRUNC) == 0:
				out = out[:n-1]
			}
		}
		if j := begun(out, r); j >= 0 { // a signal came, and the call begins anew
			out[j].Decides = out[j].Decides || r.Decides
			continue
		}
		if out, poured = pour(out, r); poured {
			continue
		}
		out = append(out, r)
	}
	return once(out)
}

// kept: with this close no lock was given back; lost: one was that another descriptor had got.
const (
	kept = "kept"
	lost = "lost"
)

// ofProcess: a close of any descriptor of the file gives such a lock back, fcntl_locking(2).
func ofProcess(lock trace.Record) bool {
	return lock.Call == "fcntl" && (lock.Flags == unix.F_SETLK || lock.Flags == unix.F_SETLKW)
}

// arranged makes one record of each time that a program changes files in the scenario's place (arrange.Aside).
func arranged(records []trace.Record, own string) (out []trace.Record) {
	aside, told := map[int]bool{}, map[int]bool{}
	files := []trace.Op{trace.Open, trace.Close, trace.Read, trace.Write, trace.Rename, trace.Link, trace.Unlink, trace.Truncate, trace.Mkdir, trace.Symlink, trace.Look}
	for _, r := range records {
		switch {
		case r.Op == trace.Look && r.Path == own+"/aside":
			aside[r.PID], told[r.PID] = true, false
		case r.Op == trace.Look && r.Path == own+"/back":
			aside[r.PID] = false
		case !aside[r.PID] || !slices.Contains(files, r.Op) || r.Decides:
		case told[r.PID], r.Op == trace.Look:
			continue
		default:
			told[r.PID] = true
			r = trace.Record{At: r.At, PID: r.PID, TID: r.TID, Op: trace.Arranged, Path: r.Path}
		}
		out = append(out, r)
	}
	return out
}

// A nap that is shorter, or nearly without end, explains no gap.
const (
	shortNap = 3 * time.Millisecond
	longNap  = 8 * time.Second
)

// rests: the first record is a nap, and for half of it or more its process does nothing else. A timer that is left over, beside other
// work or while the process is held at a point, is no rest; naps with nothing between them are one.
func rests(before, all []trace.Record) bool {
	nap := all[0]
	if nap.N < int64(shortNap) || nap.N >= int64(longNap) {
		return false
	}
	held, last := false, trace.Op("")
	for _, q := range before {
		if q.PID != nap.PID {
			continue
		}
		last = q.Op
		switch {
		case q.Op == trace.Point:
			held = q.Phase == trace.Parked
		case q.Op == trace.Let:
			held = false
		}
	}
	next := slices.IndexFunc(all, func(q trace.Record) bool { return q.PID == nap.PID && q.Op != trace.Nap })
	if next < 0 {
		next = len(all) - 1
	}
	return !held && last != trace.Nap && all[next].At-nap.At >= nap.N/2
}

// heeds finds the SIGCHLD that count, of one that only ever asks whether children have ended: those that come though none has, and how
// many come when it was stopped meanwhile. Others come at every end, and to those who wait they say nothing.
func heeds(all []trace.Record) map[int]bool {
	asks, waits, stopped := map[int]bool{}, map[int]bool{}, map[int]bool{}
	for _, r := range all {
		if r.Op == trace.Wait && r.Target != r.PID {
			asks[r.PID] = asks[r.PID] || r.Flags&unix.WNOHANG != 0
			waits[r.PID] = waits[r.PID] || r.Flags&unix.WNOHANG == 0
		}
	}
	out := map[int]bool{}
	parent, ended := map[int]int{}, map[int]int{} // ends of which the parent has had no signal yet
	for i, r := range all {
		switch {
		case r.Op == trace.Start:
			parent[r.Target] = r.PID
		case r.Op == trace.Stopped:
			stopped[r.PID] = true
		case r.Op == trace.End:
			ended[parent[r.PID]]++
		case r.Op == trace.Delivered && r.Signal == "SIGCHLD":
			out[i] = asks[r.PID] && !waits[r.PID] && (stopped[r.PID] || ended[r.PID] == 0)
			ended[r.PID] = max(ended[r.PID]-1, 0)
		}
	}
	return out
}

// foretells: the same signal comes again, or how it ends or stops the process is told next.
func foretells(later []trace.Record, r trace.Record) bool {
	for _, q := range later {
		if q.PID != r.PID {
			continue
		}
		status := unix.WaitStatus(q.Status)
		return (q.Op == trace.Delivered || q.Op == trace.Stopped) && q.Signal == r.Signal ||
			q.Op == trace.End && status.Signaled() && unix.SignalName(status.Signal()) == r.Signal
	}
	return false
}

// collects: what it has only looked at, it collects next. Of one that has only stopped or gone on, there is nothing to collect; what
// was seen of any child is told, unless that one is collected at once.
func collects(later []trace.Record, r trace.Record) bool {
	if s := unix.WaitStatus(r.Status); s.Stopped() || s.Continued() {
		return false
	}
	for _, q := range later {
		switch {
		case q.PID != r.PID:
		case q.Op == trace.Wait && (q.Target == r.Target || int64(q.Target) == r.N || q.N == r.N):
			return q.Flags&unix.WNOWAIT == 0
		case r.Target <= 0:
			return false
		}
	}
	return false
}

// asksAgain: after a signal it waits as before.
func asksAgain(later []trace.Record, r trace.Record) bool {
	return slices.ContainsFunc(later, func(q trace.Record) bool { return q.PID == r.PID && q.Op == r.Op && q.Target == r.Target })
}

// begun finds where the thread has begun the same call, and has not come back from it.
func begun(out []trace.Record, r trace.Record) int {
	if r.Phase != trace.Begins || r.Op != trace.Read && r.Op != trace.Write && r.Op != trace.Lock {
		return -1
	}
	for i, q := range slices.Backward(out) {
		if q.PID == r.PID && q.TID == r.TID && q.Op == r.Op {
			if q.Phase == trace.Begins && q.Path == r.Path {
				return i
			}
			return -1
		}
	}
	return -1
}

// sent: it was told that the scenario sends the signal.
func sent(before []trace.Record, r trace.Record) bool {
	for _, q := range slices.Backward(before) {
		if q.PID == r.PID && q.Signal == r.Signal {
			return q.Op == trace.Sent
		}
	}
	return false
}

// bulk is how much at once belongs to something that does not fit into a pipe: the calls that carry it are one.
const bulk = 4096

// pour joins a call that reads or writes a large part of something with those before it by the same process. Between them are
// only others with the same pipe, and calls in vain.
func pour(out []trace.Record, r trace.Record) ([]trace.Record, bool) {
	if r.Op != trace.Read && r.Op != trace.Write || !trace.Channel(r.Path) || r.Phase == trace.Begins || r.N < bulk && r.Failure != "EAGAIN" {
		return out, false
	}
	var vain []int
	for i, q := range slices.Backward(out) {
		switch {
		case q.Path != r.Path || q.Op != trace.Read && q.Op != trace.Write || q.Decides:
			return out, false
		case q.PID != r.PID || q.Op != r.Op:
		case q.Phase == trace.Begins:
			vain = append(vain, i)
		case q.Failure == "EAGAIN" && r.Failure == "EAGAIN":
			return out, true
		case q.Failure == "EAGAIN":
			vain = append(vain, i)
		case q.N < bulk || r.Failure != "":
			return out, false
		default:
			r.At, r.N, r.Times, r.Data = q.At, r.N+q.N, max(q.Times, 1)+1, q.Data
			out[i] = r
			for _, i := range vain {
				out = slices.Delete(out, i, i+1)
			}
			return out, true
		}
	}
	return out, false
}

// same: the one is the beginning of the other.
func same(begin, end trace.Record) bool {
	return begin.Phase == trace.Begins && begin.PID == end.PID && begin.TID == end.TID && begin.Op == end.Op
}

// What Data says of a wait: it goes on with one that was left out when it was over; others of the process wait as well.
const (
	resumed = "resumed"
	another = "another"
)

// once joins the waits that are one to whoever called: Go begins one with WNOWAIT, and a second that is over at once, maybe on
// another thread. Where two threads wait for the same child, both are told.
func once(in []trace.Record) (out []trace.Record) {
	waiting := map[[2]int][]int{} // by process and child: where in out those begin that are not over
	for _, r := range in {
		key := [2]int{r.PID, r.Target}
		begun := waiting[key]
		own := slices.IndexFunc(begun, func(i int) bool { return out[i].TID == r.TID })
		switch {
		case r.Op != trace.Wait:
		case own >= 0 && r.Phase == trace.Begins: // once more, after a signal
			out[begun[own]].Decides = out[begun[own]].Decides || r.Decides
			continue
		case r.Data == resumed && len(begun) > 0 && r.Phase == trace.Begins:
			out[begun[0]].Decides = out[begun[0]].Decides || r.Decides
			out[begun[0]].TID = r.TID
			continue
		case r.Data == resumed && len(begun) > 0:
			r.Phase = trace.Ends
			waiting[key] = begun[1:]
		case r.Phase == trace.Begins:
			if len(begun) > 0 {
				r.Data = another
			}
			waiting[key] = append(begun, len(out))
		case r.Phase == trace.Ends:
			waiting[key] = slices.DeleteFunc(slices.Clone(begun), func(i int) bool { return out[i].TID == r.TID })
		}
		out = append(out, r)
	}
	return out
}

// probes are the children by which the Go runtime tries out what the kernel can do: they run no program and end at once.
func probes(all []trace.Record) map[int]bool {
	born, lived := map[int]bool{}, map[int]bool{}
	for _, r := range all {
		switch r.Op {
		case trace.Named, trace.Exit:
		case trace.Start:
			born[r.Target], lived[r.PID] = true, true
		case trace.End:
			if r.Status != 0 {
				lived[r.PID] = true
			}
		default:
			lived[r.PID] = true
		}
	}
	out := map[int]bool{}
	for pid := range born {
		ended := false
		for _, r := range all {
			ended = ended || r.Op == trace.End && r.PID == pid
		}
		if ended && !lived[pid] {
			out[pid] = true
		}
	}
	return out
}

// errno is how many bytes Go's child writes to its parent when the exec has failed.
const errno = 8

// channels are the pipes and sockets that carried something of the programs' own, or in which somebody is stuck. By all
// others a parent learns whether an exec has worked.
func channels(all []trace.Record) map[string]bool {
	carry, engine, open := map[string]bool{}, map[string]bool{}, map[string]map[int]bool{} // by thread: a call may begin again
	failed := map[int]bool{}                                                               // by process: an exec, just now
	for _, r := range all {
		if r.Op == trace.Write && r.N == errno && failed[r.PID] {
			engine[r.Path] = true // so Go tells the parent why; where it failed is told already
		}
		if r.Phase != trace.Begins { // it begins to write why
			failed[r.PID] = r.Op == trace.TryExec && r.Failure != ""
		}
		if !trace.Channel(r.Path) || r.Op != trace.Read && r.Op != trace.Write {
			continue
		}
		if open[r.Path] == nil {
			open[r.Path] = map[int]bool{}
		}
		switch r.Phase {
		case trace.Begins:
			open[r.Path][r.TID] = true
		case trace.Ends:
			delete(open[r.Path], r.TID)
		}
		if r.Phase != trace.Begins && (r.N > 0 || r.Failure == "EPIPE") {
			carry[r.Path] = true
		}
		if r.Data != "" && (strings.HasPrefix(r.Data, "point\x00") || strings.HasPrefix(r.Data, "answer\x00")) {
			engine[r.Path] = true
		}
	}
	for path, threads := range open {
		carry[path] = carry[path] || len(threads) > 0
	}
	for path := range engine {
		delete(carry, path)
	}
	return carry
}

package timeline

import (
	"strings"

	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// fold leaves out what a runtime does for itself, and what only carries the engine's own messages. Calls that began and
// returned with nothing between are one record.
func fold(all []trace.Record) []trace.Record {
	probes, channels := probes(all), channels(all)
	locked := map[string]bool{}  // by path: a close may release it
	wants := map[[2]int]string{} // by thread: the lock that it waits for
	var out []trace.Record
	for _, r := range all {
		switch {
		case r.Op == trace.Exec && len(r.Args) > 0 && r.Args[0] == trace.Launcher:
			continue // not the program yet
		case r.Phase == trace.Parked, r.Op == trace.Nap, r.Op == trace.Exit:
			continue
		case r.Phase == trace.Failed && wants[[2]int{r.PID, r.TID}] == r.Path:
			continue // it has asked already
		case probes[r.PID], probes[r.Target] && r.Target != 0:
			continue
		case r.Op == trace.Delivered && r.Signal == "SIGCHLD":
			continue
		case r.Op == trace.Wait && r.Call == "waitid" && r.Flags&unix.WNOWAIT != 0 && r.Phase == trace.Ends:
			continue // Go looks first, and waits then
		case r.Target == r.PID && (r.Op == trace.Wait || r.Op == trace.Kill && r.Signal == ""):
			continue // Go tries out whether pidfds work
		case r.Op == trace.Wait && r.Failure == "EINTR":
			continue
		case r.Op == trace.Lock && (r.Path == "" || strings.HasPrefix(r.Path, "/sys/")):
			continue // a descriptor that is not open, or the runtime's own
		case r.Op == trace.Lock:
			locked[r.Path] = true
			wants[[2]int{r.PID, r.TID}] = ""
			if r.Phase == trace.Failed {
				wants[[2]int{r.PID, r.TID}], r.Phase = r.Path, trace.Begins
			}
		case r.Op == trace.Close && !locked[r.Path]:
			continue
		case trace.Channel(r.Path) && !channels[r.Path]:
			continue
		}
		if n := len(out); n > 0 && r.Op == trace.Rename && out[n-1].Op == trace.Look && out[n-1].PID == r.PID && out[n-1].Path == r.To {
			out = out[:n-1] // Go looks first what it will replace
		}
		if n := len(out); n > 0 && r.Phase == trace.Ends && same(out[n-1], r) {
			r.Phase = trace.Whole
			out[n-1] = r
			continue
		}
		out = append(out, r)
	}
	return once(out)
}

// same: the one is the beginning of the other.
func same(begin, end trace.Record) bool {
	return begin.Phase == trace.Begins && begin.PID == end.PID && begin.TID == end.TID && begin.Op == end.Op
}

// once joins the waits of one process for one child: Go begins one with WNOWAIT, and a second that is over at once.
func once(in []trace.Record) (out []trace.Record) {
	waiting := map[[2]int]bool{}
	for _, r := range in {
		if r.Op == trace.Wait && r.Phase != trace.Whole {
			key := [2]int{r.PID, r.Target}
			if r.Phase == trace.Begins && waiting[key] {
				continue
			}
			waiting[key] = r.Phase == trace.Begins
		}
		if r.Op == trace.Wait && r.Phase == trace.Whole {
			key := [2]int{r.PID, r.Target}
			if waiting[key] {
				r.Phase = trace.Ends
				waiting[key] = false
			}
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
		case trace.Named:
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

// channels are the pipes and sockets that carried something of the programs' own, or in which somebody is stuck. By all
// others a parent learns whether an exec has worked.
func channels(all []trace.Record) map[string]bool {
	carry, engine, open := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, r := range all {
		if !trace.Channel(r.Path) || r.Op != trace.Read && r.Op != trace.Write {
			continue
		}
		switch r.Phase {
		case trace.Begins:
			open[r.Path]++
		case trace.Ends:
			open[r.Path]--
		}
		if r.N > 0 && r.Phase != trace.Begins {
			carry[r.Path] = true
		}
		if r.Data != "" && (strings.HasPrefix(r.Data, "point\x00") || strings.HasPrefix(r.Data, "answer\x00")) {
			engine[r.Path] = true
		}
	}
	for path, n := range open {
		carry[path] = carry[path] || n > 0
	}
	for path := range engine {
		delete(carry, path)
	}
	return carry
}

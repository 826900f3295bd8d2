package scenario

import (
	"maps"
	"slices"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/proc"
)

// whoWaits says of every process that is stuck whom it waits for, as far as the kernel tells: for a child, for the other
// end of a pipe, for a lock. It is asked when nothing can move any more.
func (s *stage) whoWaits() string {
	var said []string
	add := func(text string) {
		if text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	ends := map[int][]proc.End{}
	for pid := range s.last.Processes {
		if pid != s.box.Inner() {
			ends[pid] = s.proc.Ends(pid)
		}
	}
	var waiters []int
	for _, t := range s.last.Tasks {
		if t.Doing == proc.Asleep && (t.Call == "flock" || t.Call == "fcntl") {
			waiters = append(waiters, t.PID)
		}
	}
	holders := map[int]int{}
	if len(waiters) > 0 {
		holders = s.proc.Holders(waiters...)
	}
	for _, t := range s.last.Tasks {
		p := s.byPID[t.PID]
		if t.PID == s.box.Inner() || t.Doing != proc.Asleep || p != nil && t.Call == "read" && slices.ContainsFunc(p.holds, func(h hold) bool { return h.fd == t.FD }) {
			continue
		}
		who := s.called(t.PID)
		switch t.Call {
		case "wait":
			if whom := s.awaited(t); whom != "" {
				add(s.Lang.Sprintf("%s waits for %s", who, whom))
			} else {
				add(s.Lang.Sprintf("%s waits for a child, and has none", who))
			}
		case "read", "write":
			at := slices.IndexFunc(ends[t.PID], func(e proc.End) bool { return e.FD == t.FD })
			if at < 0 || !strings.HasPrefix(ends[t.PID][at].To, "pipe:") {
				continue
			}
			others := s.otherEnd(ends, ends[t.PID][at].To, t.Call == "read")
			if t.Call == "read" {
				add(s.Lang.Sprintf("%s reads from an empty pipe that %s could write to", who, others))
			} else {
				add(s.Lang.Sprintf("%s writes to a full pipe that %s could read from", who, others))
			}
		case "poll":
			add(s.polled(ends, t.PID, who))
		case "flock", "fcntl":
			if holder, there := s.last.Processes[holders[t.PID]]; there && holders[t.PID] == t.PID {
				add(s.Lang.Sprintf("%s waits for a lock that it holds itself", who))
			} else if there && holder.State != 'Z' {
				add(s.Lang.Sprintf("%s waits for a lock that %s holds", who, s.called(holders[t.PID])))
			} else if keepers := s.keepers(ends, t.PID); keepers != "" {
				add(s.Lang.Sprintf("%s waits for a lock that %s holds", who, keepers))
			} else {
				add(s.Lang.Sprintf("%s waits for a lock", who))
			}
		}
	}
	return strings.Join(said, s.Lang.Text("; "))
}

// polled says for which pipe a process waits that waits for any: as far as there is one only whose other end somebody has.
func (s *stage) polled(ends map[int][]proc.End, pid int, who string) string {
	var said []string
	for _, e := range ends[pid] {
		if !e.Polled || !strings.HasPrefix(e.To, "pipe:") {
			continue
		}
		if others := s.otherEnd(ends, e.To, e.Reads); e.Reads {
			said = append(said, s.Lang.Sprintf("%s waits for a pipe that %s could write to", who, others))
		} else {
			said = append(said, s.Lang.Sprintf("%s waits for a pipe that %s could read from", who, others))
		}
	}
	if len(said) != 1 {
		return ""
	}
	return said[0]
}

// keepers are those who keep a lock that a process may wait for: it hangs on an open file that several may have, and whoever
// took it may be gone.
func (s *stage) keepers(ends map[int][]proc.End, waiter int) string {
	var names []string
	for _, pid := range slices.Sorted(maps.Keys(ends)) {
		if slices.ContainsFunc(ends[pid], func(e proc.End) bool {
			return e.Locks && slices.ContainsFunc(ends[waiter], func(f proc.End) bool { return f.To == e.To })
		}) {
			names = append(names, s.called(pid))
		}
	}
	return s.listed(names, lang.Mark("%s or %s"))
}

// called is the name of a process, also of one that has announced nothing.
func (s *stage) called(pid int) string {
	if p := s.byPID[pid]; p != nil {
		return p.name
	}
	if st, ok := s.last.Processes[pid]; ok {
		if parent := s.byPID[st.Parent]; parent != nil {
			return s.Lang.Sprintf("a child of %s", parent.name)
		}
	}
	return s.Lang.Text("a process without a name")
}

func (s *stage) awaited(t proc.Task) string {
	if t.Awaits > 0 {
		return s.called(t.Awaits)
	}
	var children []string
	for _, pid := range slices.Sorted(maps.Keys(s.last.Processes)) {
		st := s.last.Processes[pid]
		if st.Parent == t.PID && (t.Awaits == 0 || st.Group == -t.Awaits) {
			children = append(children, s.called(pid))
		}
	}
	return s.listed(children, lang.Mark("%s or %s"))
}

// otherEnd is who has the other end of a pipe.
func (s *stage) otherEnd(ends map[int][]proc.End, pipe string, writers bool) string {
	var names []string
	for _, pid := range slices.Sorted(maps.Keys(ends)) {
		if slices.ContainsFunc(ends[pid], func(e proc.End) bool { return e.To == pipe && (writers && e.Writes || !writers && e.Reads) }) {
			names = append(names, s.called(pid))
		}
	}
	if len(names) == 0 {
		return s.Lang.Text("nobody")
	}
	return s.Lang.Sprintf("only %s", s.listed(names, lang.Mark("%s and %s")))
}

func (s *stage) listed(names []string, last lang.Words) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	n := len(names) - 1
	return s.Lang.Say(last, strings.Join(names[:n], s.Lang.Text(", ")), names[n])
}

package scenario

import (
	"path/filepath"

	"forklings/checker/proc"
	"forklings/checker/result"
	"forklings/checker/timeline"
	"forklings/checker/trace"
)

// traced is what is recorded of a play under the tracer.
type traced struct {
	records []trace.Record
	halted  map[int]bool // by PID: stopped by a signal
}

// record adds what the tracer tells. What comes after the verdict is the end that the engine makes.
func (s *stage) record(r trace.Record) {
	if s.traced == nil || s.verdict != nil || s.closing {
		return
	}
	switch r.Op {
	case trace.Stopped:
		s.traced.halted[r.PID] = true
	case trace.Continued, trace.End:
		delete(s.traced.halted, r.PID)
	}
	if s.turns != nil {
		s.turns.hear(r)
	}
	s.traced.records = append(s.traced.records, r)
}

// command is what a process ran last, "": that was not seen.
func (t *traced) command(pid int) string {
	if t == nil {
		return ""
	}
	i := t.find(func(r trace.Record) bool {
		return r.PID == pid && r.Op == trace.Exec && len(r.Args) > 0 && r.Args[0] != trace.Launcher
	})
	if i < 0 {
		return ""
	}
	return filepath.Base(t.records[i].Args[0])
}

// note records what the engine knows of a process.
func (s *stage) note(p *process, op trace.Op, what, detail string) {
	if s.traced == nil {
		return
	}
	s.record(trace.Record{At: trace.Now(), PID: p.pid, Op: op, Path: what, Data: detail})
}

// goesOn records that a process is let go on from where it was held.
func (s *stage) goesOn(p *process, h hold) {
	if s.traced == nil {
		return
	}
	r := trace.Record{At: trace.Now(), PID: p.pid, Op: trace.Let, Path: h.point}
	if h.tid != 0 {
		r.Call = "next"
	}
	s.record(r)
}

// timeline is what a person reads of it: the process that the verdict is about has the decisive moment.
func (s *stage) timeline() []result.Event {
	if s.traced == nil {
		return nil
	}
	for i, r := range s.traced.records {
		s.traced.records[i].Breaks = r.Op == trace.Return && r.N == int64(s.breaks)
	}
	program := s.bin
	if s.Binary == "" {
		program = ""
	}
	return timeline.Build(s.traced.records, s.Files, program, s.Lang)
}

// isStopped: T, or under the tracer t after a stop signal.
func (s *stage) isStopped(p *process, st proc.Stat) bool {
	return st.State == 'T' || st.State == 't' && s.traced != nil && s.traced.halted[p.pid]
}

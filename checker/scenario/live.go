package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/script"
	"forklings/checker/supervisor"
)

// Event is something that happened in a run by hand.
type Event struct {
	Kind string // "point", "answer", "ended", "held", "goes"
	PID  int
	Text string
}

// Live runs a program by hand: no script decides, a person looks on.
type Live struct {
	Play              // File is not used; the sandbox should be a Subreaper, so that PIDs are those that ps shows
	Path  string      // of the program; "": the exercise's
	Args  []string    // the role and its arguments; with a Path, its own arguments
	Cwd   string      // where it runs; "": in a folder of its own
	Stdio [3]int      // standard input, output and error of the program
	Step  <-chan bool // when set, everybody is held at every point, and each value lets one go
	Hear  func(Event)
}

// Run runs the program until it and what it left behind have ended, or ctx is done, and ends what is still
// there. It returns the program's exit status, 128+N when signal N ended it, and, traced, the timeline.
func (l Live) Run(ctx context.Context) (status int, events []result.Event, err error) {
	s := newStage(ctx, l.Play, script.Script{})
	s.hear, s.holdAll = l.Hear, l.Step != nil
	if err := s.open(l.Dir); err != nil {
		return 0, nil, err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(s.bin), arrange.Hand), []byte(l.Lang.Sprintf("usage: checker run %s", l.Program)), 0o644); err != nil {
		s.close()
		return 0, nil, err
	}
	status, err = l.run(ctx, s)
	return status, s.timeline(), err
}

func (l Live) run(ctx context.Context, s *stage) (status int, err error) {
	defer func() {
		if closed := s.close(); err == nil && closed != nil {
			err = lang.Errorf("processes may be left: %w", closed)
		}
		removeAll(l.Dir)
	}()
	start := supervisor.Request{Op: "start", Path: s.bin, Dir: s.work, Env: os.Environ()}
	main := filepath.Base(l.Path)
	if l.Path != "" {
		start.Path = l.Path
	} else {
		main = l.Args[0]
	}
	if l.Cwd != "" {
		start.Dir = l.Cwd
	}
	start.Args = append([]string{start.Path}, l.Args...)
	err = s.launch(main, start, l.Stdio[:]...)
	if err != nil {
		return 0, err
	}
	p := s.byName[main]
	told := false
	hear, heard := s.hear, time.Now()
	if hear != nil {
		s.hear = func(e Event) {
			heard = time.Now()
			hear(e)
		}
	}
	for ctx.Err() == nil && s.lost == nil {
		s.pump(50 * time.Millisecond)
		all := s.proc.Processes()
		if s.stormed || len(all) > sandbox.Processes+1 {
			return 0, lang.Errorf("more than %d processes at once: they start each other without end, and were stopped", sandbox.Processes)
		}
		if p.reaped && len(all) <= 1 {
			break
		}
		if p.reaped && !told {
			told = true
			l.Hear(Event{Kind: "held", Text: s.Lang.Sprintf("still there: %s (Ctrl-C ends it)", s.others(p))})
		}
		s.ends()
		s.step(l.Step)
		if !p.reaped && !heard.IsZero() && time.Since(heard) > silence {
			s.quiet()
			heard = time.Time{} // once, until something happens
		}
	}
	s.ends()
	s.ends() // nothing more will come: what the first look has missed is told by the second
	switch {
	case s.lost != nil:
		return 0, s.lost
	case !p.reaped:
		return 0, ctx.Err()
	case p.status.Signaled():
		return 128 + int(p.status.Signal()), nil
	}
	return p.status.ExitStatus(), nil
}

// silence is how long a run by hand is silent before it is told what everybody does.
const silence = 3 * time.Second

// quiet tells that nothing happens, and what everybody does: whom others have to release, type to, or signal, waits for ever.
func (s *stage) quiet() {
	s.last, _ = s.proc.Still(s.excuses())
	var doing []string
	for _, p := range s.cast {
		if p.state() == alive {
			if len(p.holds) > 0 {
				return // until Enter
			}
			doing = append(doing, fmt.Sprintf("%s (%d)", s.describe(p.name), p.pid))
		}
	}
	if s.hear != nil && len(doing) > 0 {
		s.hear(Event{Kind: "held", Text: s.Lang.Sprintf("nothing has happened for %v: %s; Ctrl-C ends it", silence, strings.Join(doing, s.Lang.Text(", ")))})
	}
}

// step lets the process go that has been held the longest.
func (s *stage) step(next <-chan bool) {
	select {
	case _, ok := <-next:
		if !ok {
			s.holdAll = false
		}
	default:
		return
	}
	for _, p := range s.cast {
		for len(p.holds) > 0 {
			point := p.holds[0].point
			if s.holdAll {
				s.tell(p, Event{Kind: "goes", Text: s.Lang.Sprintf("%s goes on from %s", p.name, point)})
			}
			s.release(p.name, point)
			if s.holdAll {
				return
			}
		}
	}
}

// ends tells the ends that the supervisor does not hear of: those of children that their own parent has waited for. It gives the
// supervisor's word the time until the next look.
func (s *stage) ends() {
	if s.hear == nil {
		return
	}
	for _, p := range s.cast {
		switch {
		case p.told || p.state() != gone:
		case !p.missed:
			p.missed = true
		default:
			s.tellEnd(p)
		}
	}
}

// tellEnd tells a process's end, once.
func (s *stage) tellEnd(p *process) {
	if !p.told {
		p.told = true
		s.tell(p, Event{Kind: "ended", Text: s.describe(p.name)})
	}
}

func (s *stage) others(p *process) string {
	var names []string
	for _, q := range s.cast {
		if q != p && q.state() == alive {
			names = append(names, fmt.Sprintf("%s (%d)", q.name, q.pid))
		}
	}
	if len(names) == 0 {
		return s.Lang.Text("processes without a name")
	}
	return strings.Join(names, s.Lang.Text(", "))
}

func (s *stage) tell(p *process, e Event) {
	if s.hear != nil {
		e.PID = p.pid
		s.hear(e)
	}
}

package watch

import (
	"context"
	"path/filepath"
	"time"

	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/result"
)

func rootOf(k *kit.Kit) string { return filepath.Join(k.Root, "exercises") }

// publish makes the snapshot that is shown.
func (e *engine) publish() {
	s := Snapshot{Current: e.current, Saved: e.saved, Saves: e.saves, Took: e.took, Polling: e.source.why(), Trouble: e.Course.Trouble(), Verdicts: e.verdicts, Choices: e.choices}
	for i := range e.files {
		f := &e.files[i]
		entry := e.titles[i]
		entry.Status, entry.Verdict = f.status(), f.verdict
		s.Entries = append(s.Entries, entry)
		if f.due() && (i != e.current || e.finding) {
			s.Behind++
		}
	}
	now := &e.files[e.current]
	s.Fault = now.fault
	if now.due() {
		s.Running = true
		s.Began = e.since(now)
	}
	s.Mistake = e.mistake()
	x := e.titles[e.current].Exercise
	for tier := 1; s.Mistake != "" && tier <= e.Course.Revealed(x.Name, s.Mistake); tier++ {
		if text := e.Course.Hint(x, s.Mistake, tier); text != "" {
			s.Hints = append(s.Hints, printable(text))
		}
	}
	if now.status() == result.Pass {
		s.After = printable(e.Course.Afterwards(x))
	}
	e.mutex.Lock()
	e.snap = s
	e.mutex.Unlock()
	e.announce()
}

func (e *engine) announce() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// mistake is the one that hints are for; "" while there is no verdict, and where there is none to make: it passes, or it does not
// compile, which the compiler's lines say.
func (e *engine) mistake() string {
	f := &e.files[e.current]
	switch {
	case !f.begun():
		return hints.Start
	case f.verdict == nil, f.verdict.Status == result.Pass, f.verdict.Status == result.Error && f.verdict.Message != "":
		return ""
	}
	return e.Course.Mistake(*f.verdict)
}

// What follows is asked of the engine by the screen.

// Choose makes an exercise the current one.
func (e *engine) Choose(ctx context.Context, i int) {
	e.do(ctx, func() {
		e.finding = false
		e.choices++
		e.choose(i)
		e.look(i)
	})
}

// Again grades the current exercise once more, whatever is remembered.
func (e *engine) Again(ctx context.Context) {
	e.do(ctx, func() {
		f := &e.files[e.current]
		f.fault = ""
		if f.fresh() {
			f.of = sum{}
		}
		e.asked, e.anew = time.Now(), true
	})
}

// Reveal shows one more tier of the hints for what went wrong.
func (e *engine) Reveal(ctx context.Context) {
	e.do(ctx, func() {
		e.Course.Reread() // a hint may have been read in another terminal
		x, mistake := e.titles[e.current].Exercise, e.mistake()
		if mistake == "" {
			return
		}
		if next := e.Course.Revealed(x.Name, mistake) + 1; e.Course.Hint(x, mistake, next) != "" {
			e.Course.Reveal(x.Name, mistake, next)
		}
	})
}

// Pause cancels what runs, and returns when nothing does; until Resume nothing is started.
func (e *engine) Pause(ctx context.Context) {
	done := make(chan struct{})
	e.do(ctx, func() {
		e.paused = true
		e.stop()
		close(done)
	})
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Resume goes on after Pause, or after the checker itself was stopped: what ran meanwhile is played anew, as its clocks went on.
func (e *engine) Resume(ctx context.Context) {
	e.do(ctx, func() {
		e.paused = false
		if e.run != nil {
			e.run.stop()
		}
		for i := range e.files {
			e.look(i)
		}
	})
}

// Package scenario plays one script against one build, on real processes, and decides.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"forklings/checker/explore"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/script"

	"github.com/rogpeppe/go-internal/testscript"
)

// Play is what is needed to play one scenario.
type Play struct {
	File    string // the script
	Binary  string // all programs of the attempt; by hand "" for a program from elsewhere
	Program string // the name of this exercise's program in it
	Dir     string // an existing folder of the scenario's own; what is made in it goes away again
	Sandbox sandbox.Options
	Trace   bool      // record what the processes do: the verdict has a timeline then
	Files   string    // traced: the folder of the files that this is about; "": the scenario's own
	Lang    lang.Lang // of what the verdict says
	At      string    // where programs find the folder that they play in, if each sandbox has its own there (sandbox.Apart); "": where it is
	Order   string    // of an explored scenario: play nothing but this order, as a verdict names it
}

// How times grow on a machine that is too slow for them: 300 ms to 4.8 s.
const (
	stretchBy      = 4
	longestStretch = 16
)

// Run plays the scenario. The verdict is an error when the kit, the machine or a cancelled ctx is the reason.
func (p Play) Run(ctx context.Context) (v result.Scenario) {
	began := time.Now()
	v = result.Scenario{
		Name: strings.TrimSuffix(filepath.Base(p.File), ".txtar"), File: p.File,
		Status: result.Error, Because: p.Lang.Text("the scenario did not run to its end"),
	}
	defer func() { v.Seconds = time.Since(began).Seconds() }()
	defer contain(&v, p.Lang)
	text, err := os.ReadFile(p.File)
	if err != nil {
		v.Because = p.Lang.Error(err)
		return v
	}
	parsed, err := script.Parse(string(text))
	if err != nil {
		v.Because = err.Error()
		return v
	}
	v.Title = parsed.Titles.In(p.Lang)

	if parsed.Uses("explore") {
		p.search(ctx, parsed, &v)
	} else {
		p.once(ctx, parsed, nil, &v)
	}
	return v
}

// once plays the script once, or as often as it takes to be in time for it.
func (p Play) once(ctx context.Context, parsed script.Script, player *explore.Player, v *result.Scenario) *stage {
	s, j := newStage(ctx, p, parsed), &judge{}
	if player != nil {
		s.player = player
	}
	var err error
	for err = s.play(j); err == nil && s.late && s.stretch < longestStretch; err = s.play(j) {
		stretch := s.stretch * stretchBy
		s, j = newStage(ctx, p, parsed), &judge{}
		s.stretch = stretch
		os.Mkdir(p.Dir, 0o700)
	}
	v.Timeline, v.Histories = s.timeline(), s.asked()
	v.Effort, v.Line, v.Processes = s.most, j.line(), len(s.cast)
	switch {
	case ctx.Err() != nil:
		v.Because = p.Lang.Text("interrupted")
	case err != nil:
		v.Because = p.Lang.Error(err)
	case s.verdict != nil:
		v.Status, v.Mistake, v.Because = s.verdict.Status, s.verdict.Mistake, s.verdict.Because
		v.Expected, v.Actual, v.Output = s.verdict.Expected, s.verdict.Actual, s.verdict.Output
	case j.failed:
		v.Because = strings.TrimSpace(j.log.String())
	case j.done:
		v.Status, v.Because = result.Pass, ""
	}
	s.shorten(v)
	return s
}

// contain, deferred, makes an error of a panic, which is a defect of the kit: the other scenarios, exercises and learners go on.
func contain(v *result.Scenario, l lang.Lang) {
	if p := recover(); p != nil {
		v.Status, v.Mistake = result.Error, ""
		v.Because = l.Sprintf("a defect of the kit, please report it: %v\n%s", p, debug.Stack())
	}
}

// shorten shows paths in the scenario's folder from there on: …/.bin/identity. Where the folder is tells nothing.
func (s *stage) shorten(v *result.Scenario) {
	if s.work == "" {
		return
	}
	fields := []*string{&v.Expected, &v.Actual}
	for i := range v.Timeline {
		fields = append(fields, &v.Timeline[i].What, &v.Timeline[i].Detail)
	}
	for _, f := range fields {
		*f = strings.NewReplacer(s.work+"/", "…/", filepath.Dir(s.bin)+"/", "…/.bin/").Replace(*f)
	}
}

// play runs the script in testscript under the judge, and takes everything down. An error is never the
// learner's: the sandbox could not be had, or it could not be proved that nothing is left.
func (s *stage) play(j *judge) error {
	var opened, closed error
	params := testscript.Params{
		Files:       []string{s.File},
		WorkdirRoot: s.Dir,
		Setup: func(env *testscript.Env) error {
			if opened = s.open(env.WorkDir); opened != nil {
				return opened
			}
			env.Defer(func() { closed = s.close() })
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){},
	}
	for name, do := range verbs {
		params.Cmds[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s", s.Lang.Text("there is no ! in this language; write not FACT"))
			}
			if err := do(s, args); err != nil {
				ts.Fatalf("%s", s.Lang.Error(err))
			}
		}
	}
	func() {
		defer func() {
			if e := recover(); e != nil && e != errStop {
				panic(e)
			}
		}()
		testscript.RunT(j, params)
	}()
	removeAll(s.Dir)
	if opened != nil {
		return opened
	}
	if closed != nil {
		return lang.Errorf("processes may be left: %w", closed)
	}
	return nil
}

// removeAll empties the folder, also of what a program made unreadable.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}

// verbs are what the verbs of the language do; script.Verbs describes them.
var verbs = map[string]func(s *stage, args []string) error{
	"start":   func(s *stage, args []string) error { return s.start(args[0], args[1], args[2:]) },
	"release": func(s *stage, args []string) error { return s.release(args[0], append(args, "")[1]) },
	"hold":    func(s *stage, args []string) error { return s.hold(args[0], args[1]) },
	"signal":  func(s *stage, args []string) error { return s.signal(args[0], script.Signal(args[1])) },
	"reuse":   func(s *stage, args []string) error { return s.reuse(args[0]) },
	"protect": func(s *stage, args []string) error { return s.protect(args[0]) },
	"busy":    func(s *stage, args []string) error { s.busy[args[0]] = true; return nil },
	"within":  func(s *stage, args []string) error { return s.within(args[0], args[1]) },
	"explore": func(s *stage, args []string) error { return s.explore(args) },
	"await": func(s *stage, args []string) error {
		l, err := script.ParseLine(args)
		if err != nil {
			return err
		}
		return s.decide(l, false)
	},
	"check": func(s *stage, args []string) error {
		l, err := script.ParseLine(args)
		if err != nil {
			return err
		}
		for _, f := range l.Facts {
			if f.Lapses() {
				return s.decide(l, true)
			}
		}
		if s.holdsNow(l) {
			s.meets(l)
			return nil
		}
		return s.fail(l, immediate)
	},
	"needs": func(s *stage, args []string) error {
		l, why, err := script.ParseNeeds(args)
		if err != nil || s.holdsNow(l) {
			return err
		}
		return s.skip(s.Lang.Reason(why))
	},
}

// judge is the T that testscript runs under: it stands for no test.
type judge struct {
	log          strings.Builder
	failed, done bool
}

var errStop = errors.New("stop")

func (j *judge) Skip(args ...any)  { j.failed = true; j.Log(args...); panic(errStop) }
func (j *judge) Fatal(args ...any) { j.failed = true; j.Log(args...); panic(errStop) }
func (j *judge) FailNow()          { j.failed = true; panic(errStop) }
func (j *judge) Log(args ...any)   { fmt.Fprintln(&j.log, args...) }
func (j *judge) Parallel()         {}
func (j *judge) Verbose() bool     { return false }
func (j *judge) Run(_ string, f func(testscript.T)) {
	f(j)
	j.done = !j.failed
}

// line finds the failing line in testscript's log, the only place where it is told.
func (j *judge) line() (n int) {
	for text := range strings.Lines(j.log.String()) {
		if rest, ok := strings.CutPrefix(text, "FAIL: "); ok {
			if i := strings.LastIndex(rest, ".txtar:"); i >= 0 {
				fmt.Sscanf(rest[i+7:], "%d:", &n)
			}
		}
	}
	return n
}

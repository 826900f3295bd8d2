package cli

import (
	"context"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/lesson"
	memory "forklings/checker/progress"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/verify"
	"forklings/checker/watch"

	"golang.org/x/sys/unix"
)

func watchFlags(c *call) {
	homeFlags(c)
	c.BoolVar(&c.opt.poll, "poll", false, c.lang.Text("look at the files four times a second instead of waiting for the kernel to tell of a save"))
}

// start is the command without a name: watch on a terminal, elsewhere one look.
func start(ctx context.Context, c *call) error {
	if len(c.args) == 0 && c.interactive() {
		return watchCommand(ctx, c)
	}
	return home(ctx, c)
}

// interactive reports whether input and output are a terminal that can draw.
func (c *call) interactive() bool {
	_, err := unix.IoctlGetTermios(int(c.In.Fd()), unix.TCGETS)
	return err == nil && c.Width > 0 && os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != ""
}

// watchCommand shows the course on a terminal, and grades what is saved. Elsewhere it writes the verdicts, one after the other.
func watchCommand(ctx context.Context, c *call) error {
	if len(c.args) > 1 {
		return usage("one exercise to begin with: checker watch join")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	// Package syncpoint keeps the garbage collector from running, which is right for a scenario's programs and not for hours.
	debug.SetGCPercent(100)
	config := watch.Config{Kit: k, Lang: c.lang, Color: c.Color, Unicode: utf8Terminal(os.Getenv) || c.lang == lang.Chinese, In: c.In, Poll: c.opt.poll, Env: os.Getenv}
	if len(c.args) == 1 {
		found, err := find(k, c.args)
		if err != nil {
			return err
		}
		config.Start = found[0].Name
	}
	own, err := attempt.Own(k)
	if err != nil {
		return err
	}
	box, err := c.sandbox()
	if err != nil {
		return err
	}
	store, notice := memory.Open(k.Root, c.lang)
	config.Course, config.Notice = &watched{kit: k, lang: c.lang, store: store, box: box}, notice
	if changed, _ := store.Stubs(own.Handed); len(changed) > 0 && notice == "" {
		config.Notice = c.lang.Sprintf("The kit has a new stub for %[1]s: checker merge %[1]s brings it into your file.", changed[0].Name)
	}
	if !c.interactive() {
		return watch.Plain(ctx, config, c.Out)
	}
	config.Out = os.Stdout
	s, err := watch.Run(ctx, config)
	if err != nil {
		return err
	}
	if s.Stuck {
		return errGone // a word on what came of it would wait for ever
	}
	if s.Ended {
		return context.Canceled
	}
	if s.Open > 0 {
		return status{OK, c.lang.Sprintf("%[1]d of %[2]d exercises pass so far, not graded yet: %[3]d; nothing is left running.", s.Passed, s.All, s.Open)}
	}
	return status{OK, c.lang.Sprintf("%d of %d exercises pass; nothing is left running.", s.Passed, s.All)}
}

// utf8Terminal reports whether the locale's characters are UTF-8 (locale(7)).
func utf8Terminal(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(getenv(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return false
}

// watched is what watch asks of the rest of the checker.
type watched struct {
	kit   *kit.Kit
	lang  lang.Lang
	store *memory.Store
	box   sandbox.Options
}

func (w *watched) Recall(h attempt.Handed) (result.Exercise, bool) {
	p, err := w.store.Plan(w.grader(), []attempt.Handed{h})
	if err != nil || len(p.Open) > 0 || h.Err != nil {
		return result.Exercise{}, false
	}
	r, err := p.Grade(context.Background()) // nothing is open: it only looks up
	if err != nil || len(r.Exercises) != 1 {
		return result.Exercise{}, false
	}
	return r.Exercises[0], true
}

func (w *watched) grader() *grade.Grader {
	return &grade.Grader{Kit: w.kit, Sandbox: w.box, Lang: w.lang, Trace: grade.TraceFirst}
}

func (w *watched) Grade(ctx context.Context, handed []attempt.Handed, anew bool, done func(result.Exercise)) error {
	g := w.grader()
	told := map[string]bool{}
	g.Done = func(e result.Exercise) {
		told[e.Name] = true
		done(e)
	}
	plan, err := w.store.Plan(g, handed)
	if anew {
		plan, err = w.store.Anew(g, handed)
	}
	if err != nil {
		return err
	}
	r, err := plan.Grade(ctx)
	if err != nil {
		return err
	}
	for _, e := range r.Exercises {
		if !told[e.Name] { // it was remembered
			done(e)
		}
	}
	return nil
}

func (w *watched) Trace(ctx context.Context, h attempt.Handed) (result.Exercise, error) {
	g := w.grader()
	g.Trace = grade.TraceAll
	r, err := g.Grade(ctx, []attempt.Handed{h})
	if err != nil {
		return result.Exercise{}, err
	}
	return r.Exercises[0], nil
}

func (w *watched) Mistake(e result.Exercise) string {
	if s, ok := memory.First(e); ok {
		return s.Mistake
	}
	return hints.Start
}

func (w *watched) Hint(e kit.Exercise, mistake string, tier int) string {
	return grade.Hint(e, w.lang, mistake, tier)
}

func (w *watched) Revealed(exercise, mistake string) int { return w.store.Revealed(exercise, mistake) }

func (w *watched) Reveal(exercise, mistake string, tier int) error {
	return w.store.Reveal(exercise, mistake, tier)
}

func (w *watched) Reread() { w.store.Reread() }

func (w *watched) Trouble() string { return w.store.Trouble() }

func (w *watched) Roles(e kit.Exercise) (runs [][]string, err error) {
	roles, err := verify.Roles(e)
	for _, r := range roles {
		if r.Example != nil {
			runs = append(runs, append([]string{r.Name}, r.Example...))
		}
	}
	return runs, err
}

func (w *watched) Passed(exercise string) bool { return !w.store.Journey(exercise).Passed.IsZero() }

func (w *watched) Afterwards(e kit.Exercise) string { return lesson.Afterwards(e, w.lang) }

func (w *watched) Diff(h attempt.Handed) (string, error) { return lesson.Diff(h) }

func (w *watched) Command(args ...string) *exec.Cmd {
	at := append([]string{args[0], "-kit", w.kit.Root, "-lang", string(w.lang)}, args[1:]...)
	cmd := exec.Command("/proc/self/exe", at...)
	if own, err := os.Executable(); err == nil {
		cmd = exec.Command(own, at...)
	}
	return cmd
}

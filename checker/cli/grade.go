package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/built"
	"forklings/checker/format"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
	"forklings/checker/sandbox"
)

func gradeCommand(ctx context.Context, c *call) error {
	form, ok := format.Find(c.opt.format)
	if !ok {
		return usage("no format %q; there are %s", c.opt.format, format.Names(c.lang))
	}
	if c.opt.jobs < 0 {
		return usage("-jobs %d: a number from 1", c.opt.jobs)
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	asked, err := find(k, c.args)
	if err != nil {
		return err
	}
	if err := c.readCourse(k, asked, len(c.args) == 0); err != nil {
		return err
	}
	if err := c.walls(); err != nil {
		return err
	}
	a, err := c.readAttempt(k)
	if info, e := os.Stat(c.opt.attempt); err != nil && form.Told && e == nil && info.IsDir() {
		a, err = attempt.Refused(k, c.opt.attempt, err), nil // what is wrong with it is for the learner to hear
	}
	if err != nil {
		return err
	}
	handed := c.counting(a.Handed)
	if len(c.args) > 0 {
		if handed, err = choose(a, asked); err != nil {
			return err
		}
	}
	if c.opt.out != "" { // better now than after the work
		if err := writable(c.opt.out); err != nil {
			return status{CannotJudge, c.lang.Error(err)}
		}
	}
	meta := c.meta(handed, c.style())
	if form.Check != nil {
		if err := form.Check(meta); err != nil {
			return usage("-format %s: %v", form.Name, err)
		}
	}
	if form.Single && len(handed) != 1 {
		return usage("-format %s is for one exercise, and there are %d: name one", form.Name, len(handed))
	}
	if c.opt.shared && c.opt.attempt == "" {
		c.share = a.Handed
	}
	switch {
	case c.opt.noTimeline:
	case c.opt.verbose, c.opt.format != "text":
		c.trace = grade.TraceFailed
	default:
		c.trace = grade.TraceFirst
	}
	if form.Live && c.opt.out != "" {
		if err := c.keep(k, handed, form, meta); err != nil {
			return err
		}
	}
	r, err := c.grade(ctx, k, handed)
	if err != nil {
		c.kept.broken(err)
		return err
	}
	if err := c.write(form, c.counted(r), meta); err != nil {
		return err
	}
	if code := form.Exit(c.counted(r)); code != OK {
		return status{code, ""}
	}
	return nil
}

// grade grades with a progress line.
func (c *call) grade(ctx context.Context, k *kit.Kit, handed []attempt.Handed) (*result.Result, error) {
	options, err := c.sandbox()
	if err != nil {
		return nil, err
	}
	if err := c.required(options); err != nil {
		return nil, err
	}
	p := c.progress()
	p.draw(c.lang.Text("building"))
	g := &grade.Grader{Kit: k, Sandbox: options, Jobs: c.opt.jobs, Lang: c.lang, Share: c.share, Trace: c.trace, BuildLimit: c.limits().Build, PlayLimit: c.limits().Exercise, Done: func(e result.Exercise) {
		p.graded(e, len(handed))
		c.kept.graded(e)
	}}
	defer p.clear()
	if c.opt.attempt != "" {
		return g.Grade(ctx, handed)
	}
	// What is seen of the kit's own tree is remembered for the learner; a clone that cannot be written is graded all the same.
	plan, err := c.recalled(k).Anew(g, handed)
	if err != nil {
		return nil, err
	}
	return plan.Grade(ctx)
}

// style is how the output is shown: in colour only on a terminal.
func (c *call) style() render.Style {
	return render.Style{
		Lang: c.lang, Color: c.Color && c.opt.out == "", Width: c.Width, ASCII: c.opt.out == "" && !lang.UTF8(os.Getenv), All: c.opt.verbose, Full: c.opt.full,
	}
}

func (c *call) openKit() (*kit.Kit, error) {
	root := c.opt.kit
	if root == "" {
		root = "."
	}
	root, err := kit.Locate(root)
	if err != nil {
		return nil, status{CannotJudge, c.lang.Error(err)}
	}
	sandbox.StartFrom(func() (string, error) {
		return built.Command(root, "supervisor", nil, "checker/supervisor", "checker/trace", "checker/seccomp", "checker/lang")
	})
	return kit.Open(root)
}

func (c *call) readAttempt(k *kit.Kit) (*attempt.Attempt, error) {
	if c.opt.attempt == "" {
		if c.isSet("attempt") {
			return nil, usage("-attempt is empty: name the folder with the attempt")
		}
		return attempt.Own(k)
	}
	a, err := attempt.Read(k, c.opt.attempt)
	if err != nil {
		return nil, usage("%v", err)
	}
	for _, name := range a.Unknown {
		fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("%s is no exercise of this kit, and was left out", name))
	}
	return a, nil
}

func (c *call) sandbox() (sandbox.Options, error) {
	o := sandbox.Options{Tier: sandbox.Tier(c.opt.tier), NoLandlock: c.opt.noLandlock, NoCgroups: c.opt.noCgroups, NoPtrace: c.opt.noPtrace}
	switch o.Tier {
	case sandbox.Namespaces, sandbox.Subreaper:
		return o, nil
	case "":
		best, err := sandbox.Best()
		best.NoLandlock, best.NoCgroups, best.NoPtrace = o.NoLandlock, o.NoCgroups, o.NoPtrace
		return best, c.judgeable(err)
	}
	return o, usage("no tier %q; there are namespaces and subreaper", c.opt.tier)
}

// required is an error where scenarios cannot be walled in as well as was asked for.
func (c *call) required(o sandbox.Options) error {
	if c.opt.require == "" {
		return nil
	}
	if !slices.Contains(sandbox.Levels, c.opt.require) {
		return usage("no tier %q; there are %s", c.opt.require, strings.Join(sandbox.Levels, ", "))
	}
	level, err := sandbox.Level(o)
	if err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	if sandbox.Less(level, c.opt.require) {
		return status{CannotJudge, c.lang.Sprintf("nothing was graded: %s was asked for, and programs can be walled in by %s only; `checker doctor` says what this machine refuses", c.opt.require, level)}
	}
	return nil
}

// find looks up the exercises that were named; without names, all of them.
func find(k *kit.Kit, names []string) (found []kit.Exercise, err error) {
	if len(names) == 0 {
		return k.Exercises, nil
	}
	for _, name := range names {
		e, err := k.Find(name)
		if err != nil {
			return nil, usage("%v", err)
		}
		if !slices.ContainsFunc(found, func(f kit.Exercise) bool { return f.Name == e.Name }) {
			found = append(found, e)
		}
	}
	return found, nil
}

// choose takes the named exercises out of the attempt.
func choose(a *attempt.Attempt, asked []kit.Exercise) (handed []attempt.Handed, err error) {
	for _, e := range asked {
		i := slices.IndexFunc(a.Handed, func(h attempt.Handed) bool { return h.Exercise.Name == e.Name })
		if i < 0 {
			return nil, usage("%s holds nothing for %s: a folder %s or %s was looked for", a.Dir, e.Name, e.Folder, e.Name)
		}
		handed = append(handed, a.Handed[i])
	}
	return handed, nil
}

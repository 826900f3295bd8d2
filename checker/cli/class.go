package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"forklings/checker/built"
	"forklings/checker/class"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

func classFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	bookFlags(c)
	c.StringVar(&c.opt.shard, "shard", "", c.lang.Text("grade a `part` of the class: 2/5, or 5 where JOB_COMPLETION_INDEX or CI_NODE_INDEX says which; without, CI_NODE_INDEX of CI_NODE_TOTAL, when they are set"))
	c.StringVar(&c.opt.exercises, "exercises", "", c.lang.Text("the `exercises` that count, such as join,lock; without, those of the course file, or all"))
	c.BoolVar(&c.opt.noTimeline, "no-timeline", false, c.lang.Text("do not play what failed once more under the tracer, to show what the processes did"))
	c.IntVar(&c.opt.jobs, "jobs", 0, c.lang.Text("scenarios at once, a `number`; without, twice as many as there are CPUs"))
}

func mergeResultsFlags(c *call) {
	kitFlags(c)
	bookFlags(c)
}

// bookFlags are for where results are kept, and what is written of them.
func bookFlags(c *call) {
	c.StringVar(&c.opt.db, "db", "class.db", c.lang.Text("`database` in which every verdict is kept as soon as it is there; what it holds is not graded again"))
	c.StringVar(&c.opt.csv, "csv", "", c.lang.Text("`file` for a gradebook: a row for each learner, a column for each exercise, in points"))
	c.StringVar(&c.opt.html, "html", "", c.lang.Text("`file` for the report: what to explain again, the class by exercise, each learner"))
	courseFlag(c)
	c.BoolVar(&c.opt.hide, "hide", false, c.lang.Text("leave out of the report what the course file does not show to learners"))
}

// withDatabase goes on in cmd/class, which it builds the first time, unless this executable is that: SQLite takes longer to build
// than all the rest of the checker, and learners have no use for it.
func (c *call) withDatabase(k *kit.Kit) error {
	if class.Linked() {
		return nil
	}
	path, err := built.Command(k.Root, "class", func() {
		fmt.Fprintln(c.Err, c.lang.Text("building the checker with the database of a class, once; that takes a minute or two"))
	}, "checker")
	if err != nil {
		return status{CannotJudge, explain(c.lang, err)}
	}
	err = unix.Exec(path, os.Args, os.Environ())
	return status{CannotJudge, c.lang.Sprintf("cannot run %s: %v", path, err)}
}

func classCommand(ctx context.Context, c *call) error {
	if c.opt.jobs < 0 {
		return usage("-jobs %d: a number from 1", c.opt.jobs)
	}
	shard, err := class.ParseShard(c.lang, c.opt.shard, os.Getenv)
	if err != nil {
		return status{Usage, err.Error()}
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	if err := c.withDatabase(k); err != nil {
		return err
	}
	exercises, err := c.classExercises(k)
	if err != nil {
		return err
	}
	if err := c.writableBooks(); err != nil {
		return err
	}
	if len(c.args) == 0 {
		if _, err := os.Stat(c.opt.db); err != nil {
			return usage("name the folder with the submissions: checker class DIR; without one, there must be a %s to report", c.opt.db)
		}
		return c.report(k)
	}
	if err := c.walls(); err != nil {
		return err
	}
	submissions, err := class.Find(c.lang, c.args, []string{c.opt.db, c.opt.csv, c.opt.html})
	if err != nil {
		return status{Usage, err.Error()}
	}
	if len(submissions) == 0 {
		return usage("%s holds no submission: a folder, or an archive, for each learner", strings.Join(c.args, ", "))
	}
	mine := shard.Take(submissions)
	switch {
	case shard.From != "":
		fmt.Fprintln(c.Err, c.lang.Sprintf("shard %d of %d, as %s says: %d of %d submissions", shard.Number, shard.Of, shard.From, len(mine), len(submissions)))
	case shard.Of > 0:
		fmt.Fprintln(c.Err, c.lang.Sprintf("shard %d of %d: %d of %d submissions", shard.Number, shard.Of, len(mine), len(submissions)))
	}
	box, err := c.sandbox()
	if err != nil {
		return err
	}
	if err := c.required(box); err != nil {
		return err
	}
	store, err := c.store(class.Open)
	if err != nil {
		return err
	}
	defer store.Close()
	trace := grade.TraceFirst
	if c.opt.noTimeline {
		trace = grade.TraceNothing
	}
	p := c.progress()
	run := class.Class{
		Kit: k, Exercises: exercises, Store: store, Lang: c.lang, Hear: c.classProgress(p),
		Grader: grade.Grader{Sandbox: box, Jobs: c.opt.jobs, Trace: trace, Lang: c.lang, BuildLimit: c.limits().Build, PlayLimit: c.limits().Exercise},
	}
	summary, err := run.Run(ctx, mine)
	p.clear()
	if ctx.Err() != nil {
		fmt.Fprintln(c.Err, c.lang.Sprintf("graded so far: %d; kept in %s; the same command goes on there", summary.Graded, c.opt.db))
		return ctx.Err()
	}
	if err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	if err := c.books(store, k); err != nil {
		return err
	}
	return c.classSummary(summary)
}

// classExercises are those that count: the ones that were named, or the course's, or all.
func (c *call) classExercises(k *kit.Kit) ([]kit.Exercise, error) {
	var names []string
	if c.opt.exercises != "" {
		names = strings.Split(c.opt.exercises, ",")
	}
	exercises, err := find(k, names)
	if err != nil {
		return nil, err
	}
	if err := c.readCourse(k, exercises, names == nil); err != nil {
		return nil, err
	}
	if c.syllabus == nil {
		if c.opt.hide {
			return nil, usage("-hide: what learners do not see stands in a course file; -course names it")
		}
		return exercises, nil
	}
	return slices.DeleteFunc(exercises, func(e kit.Exercise) bool { return !c.syllabus.Graded(e.Name) }), nil
}

// store opens the database, with the course that weighs what is in it.
func (c *call) store(open func(lang.Lang, string) (*class.Store, error)) (*class.Store, error) {
	s, err := open(c.lang, c.opt.db)
	if err != nil {
		return nil, status{CannotJudge, err.Error()}
	}
	if c.syllabus != nil {
		s.Weigh = c.syllabus.Weigh
	}
	if c.opt.hide {
		s.Hide = c.syllabus.Hide
	}
	return s, nil
}

// classSummary tells what the run has come to.
func (c *call) classSummary(s class.Summary) error {
	c.printf("%s\n", c.lang.Sprintf("learners: %d; complete: %d; of these, submissions that could not be read: %d", s.Learners, s.Complete, s.Refused))
	c.printf("%s\n", c.lang.Sprintf("graded now: %d; known before: %d; kept in %s", s.Graded, s.Known, c.opt.db))
	if s.Elsewhere > 0 {
		c.printf("%s\n", c.lang.Sprintf("learners of earlier runs, kept too: %d in %s", s.Elsewhere, c.opt.db))
	}
	for _, f := range s.Faults {
		fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("%s of %s could not be judged: %s", f.Exercise, strings.Join(f.Learners, ", "), f.Message))
	}
	if n := len(s.Faults); n > 0 {
		return status{CannotJudge, c.lang.Sprintf("attempts that could not be judged: %d; the machine or the kit is to blame, and the same command tries them again", n)}
	}
	return nil
}

// classProgress draws how far a class has come; elsewhere than on a terminal, a line for each learner.
func (c *call) classProgress(p *progress) func(class.Progress) {
	begun, before := time.Now(), -1
	return func(x class.Progress) {
		if x.Reading != "" {
			p.draw(c.lang.Sprintf("reading: %d of %d %s", x.Read+1, x.Learners, x.Reading))
			return
		}
		if before < 0 {
			begun, before = time.Now(), x.Complete
		}
		text := c.lang.Sprintf("grading: %d of %d attempts, %d of %d learners complete", x.Graded, x.Attempts, x.Complete, x.Learners)
		if left := x.Attempts - x.Graded; x.Graded > 0 && left > 0 {
			text += c.lang.Sprintf(", about %v left", (time.Since(begun) * time.Duration(left) / time.Duration(x.Graded)).Round(time.Second))
		}
		p.draw(text)
		if p.redraw {
			return
		}
		for i, d := range x.Done {
			fmt.Fprintln(p.w, c.lang.Sprintf("%d of %d: %s has %d of %d points", x.Complete-len(x.Done)+i+1, x.Learners, d.Learner, d.Points, d.MaxScore))
		}
	}
}

func mergeResults(_ context.Context, c *call) error {
	if len(c.args) == 0 {
		return usage("name the databases to merge: checker merge-results shard-1.db shard-2.db")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	if err := c.withDatabase(k); err != nil {
		return err
	}
	if _, err := c.classExercises(k); err != nil {
		return err
	}
	if err := c.writableBooks(); err != nil {
		return err
	}
	for _, name := range c.args { // before the result is made
		other, err := class.Look(c.lang, name)
		if err != nil {
			return status{CannotJudge, err.Error()}
		}
		other.Close()
	}
	store, err := c.store(class.Open)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Merge(c.args); err != nil {
		return status{CannotJudge, err.Error()}
	}
	if err := c.books(store, k); err != nil {
		return err
	}
	return c.standing(store)
}

// report writes what is in the database, and grades nothing.
func (c *call) report(k *kit.Kit) error {
	store, err := c.store(class.Look)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := c.books(store, k); err != nil {
		return err
	}
	return c.standing(store)
}

func (c *call) standing(store *class.Store) error {
	learners, open, err := store.Standing()
	if err != nil {
		return status{CannotJudge, err.Error()}
	}
	return c.printf("%s\n", c.lang.Sprintf("%s: learners: %d; of these, waiting for verdicts: %d", c.opt.db, learners, open))
}

// writableBooks finds out before the work what would keep the results from being written.
func (c *call) writableBooks() error {
	for _, name := range []string{c.opt.csv, c.opt.html} {
		if name != "" {
			if err := writable(name); err != nil {
				return status{CannotJudge, c.lang.Error(err)}
			}
		}
	}
	return nil
}

// books writes the gradebook and the report that were asked for.
func (c *call) books(store *class.Store, k *kit.Kit) error {
	if c.opt.csv != "" {
		if err := streamWhole(c.opt.csv, store.CSV); err != nil {
			return status{CannotJudge, c.lang.Error(err)}
		}
	}
	if c.opt.html != "" {
		if err := streamWhole(c.opt.html, func(w io.Writer) error { return store.Report(w, k) }); err != nil {
			return status{CannotJudge, c.lang.Error(err)}
		}
	}
	return nil
}

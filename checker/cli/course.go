package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/syllabus"
)

func courseFlag(c *call) {
	c.StringVar(&c.opt.course, "course", "", c.lang.Text("course `file`: points, what counts, and what learners see; `checker course` writes an example"))
}

// readCourse reads the course file, if one was named, and checks that this kit is the one that it wants. whole tells that no exercises
// were named.
func (c *call) readCourse(k *kit.Kit, asked []kit.Exercise, whole bool) (err error) {
	if !c.isSet("course") {
		return nil
	}
	if c.syllabus, err = syllabus.Read(k, c.opt.course, c.lang); err != nil {
		return status{Usage, err.Error()}
	}
	c.whole = whole
	if c.syllabus.Language != "" && !c.isSet("lang") {
		c.lang = c.syllabus.Language
	}
	for _, e := range asked {
		if !c.whole && !c.syllabus.Graded(e.Name) {
			return status{Usage, c.lang.Sprintf("%s leaves %s out: take it out of the command, or set graded: yes for it there", c.opt.course, e.Name)}
		}
	}
	version, err := k.Version()
	if err != nil {
		return err
	}
	if want := c.syllabus.Kit; want != "" && want != version {
		return status{CannotJudge, c.lang.Sprintf("%s is for version %s of the kit, and this is %s: check that version out, or write this one there", c.opt.course, want, version)}
	}
	return nil
}

// walls refuses a machine that walls scenarios in less well than the course wants.
func (c *call) walls() error {
	if c.syllabus == nil || c.syllabus.Tier == "" {
		return nil
	}
	o, err := c.sandbox()
	if err != nil {
		return err
	}
	level, err := sandbox.Level(o)
	if err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	if sandbox.Less(level, c.syllabus.Tier) {
		return status{CannotJudge, c.lang.Sprintf("%s wants tier %s, and here is %s only; checker doctor says why", c.opt.course, c.syllabus.Tier, level)}
	}
	return nil
}

// counting are the exercises that the course counts; without a course, all.
func (c *call) counting(handed []attempt.Handed) []attempt.Handed {
	if c.syllabus == nil {
		return handed
	}
	return slices.DeleteFunc(slices.Clone(handed), func(h attempt.Handed) bool { return !c.syllabus.Graded(h.Exercise.Name) })
}

// counted is the result as the course counts it, with what learners may see; without a course, the result.
func (c *call) counted(r *result.Result) *result.Result {
	if c.syllabus == nil {
		return r
	}
	if c.whole {
		r = c.syllabus.Complete(r, c.lang)
	}
	return c.syllabus.Hide(c.syllabus.Weigh(r))
}

// limits are the course's; 0: the grader's own.
func (c *call) limits() (l syllabus.Limits) {
	if c.syllabus == nil {
		return l
	}
	return c.syllabus.Limits
}

// courseCommand writes the example, or checks a file and shows what it says.
func courseCommand(_ context.Context, c *call) error {
	switch len(c.args) {
	case 0:
		return c.printf("%s", syllabus.Example)
	case 1:
	default:
		return usage("one course file at a time")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	course, err := syllabus.Read(k, c.args[0], c.lang)
	if err != nil {
		return status{Failed, err.Error()}
	}
	return c.describe(course)
}

// describe shows what each exercise counts.
func (c *call) describe(course *syllabus.Course) error {
	if course.Title != "" {
		c.printf("%s\n\n", course.Title)
	}
	var left []string
	counted := 0
	for _, x := range course.Exercises {
		if !x.Graded {
			left = append(left, x.Name)
			continue
		}
		counted++
		c.printf("%s\n", strings.TrimRight(c.lang.Sprintf("%3d %-20s %5d points  %s", x.Number, x.Name, x.Points, c.remarks(x)), " "))
	}
	if len(left) > 0 {
		c.printf("\n%s\n", c.lang.Sprintf("Left out: %s", strings.Join(left, ", ")))
	}
	var errs []error
	for _, line := range []string{
		c.lang.Sprintf("%d of %d exercises count, %d points in all; extra points are added up to that.", counted, len(course.Exercises), course.MaxScore()),
		c.lang.Sprintf("Tier: %s. Kit: %s.", or(course.Tier, c.lang.Text("any")), or(course.Kit, c.lang.Text("any version"))),
	} {
		errs = append(errs, c.printf("\n%s", line))
	}
	return errors.Join(append(errs, c.printf("\n"))...)
}

// remarks are what else is special about an exercise.
func (c *call) remarks(x syllabus.Exercise) string {
	var said []string
	if !x.Required {
		said = append(said, c.lang.Text("extra"))
	}
	if !x.Partial {
		said = append(said, c.lang.Text("all or nothing"))
	}
	shows := map[string][]string{}
	var order []string
	for _, s := range x.Scenarios {
		if s.Weight != 1 {
			said = append(said, c.lang.Sprintf("%s weighs %d", s.Name, s.Weight))
		}
		if s.Show != syllabus.All {
			if shows[s.Show.String()] == nil {
				order = append(order, s.Show.String())
			}
			shows[s.Show.String()] = append(shows[s.Show.String()], s.Name)
		}
	}
	for _, show := range order {
		if len(shows[show]) == len(x.Scenarios) {
			said = append(said, c.lang.Sprintf("shows %s", show))
		} else {
			said = append(said, c.lang.Sprintf("shows %s of %s", show, strings.Join(shows[show], ", ")))
		}
	}
	return strings.Join(said, c.lang.Text("; "))
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

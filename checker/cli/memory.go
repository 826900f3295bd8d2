package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/kit"
	memory "forklings/checker/progress"
	"forklings/checker/result"
)

// course is the learner's own tree, graded.
type course struct {
	*result.Result
	kit    *kit.Kit
	handed []attempt.Handed
	store  *memory.Store
	first  []kit.Exercise // exercises that pass, and never did before
	c      *call
}

// course grades what stands in the kit's own tree: the named exercise, or all without a name. What is known already is not
// graded again.
func (c *call) course(ctx context.Context) (*course, error) {
	k, err := c.openKit()
	if err != nil {
		return nil, err
	}
	c.restored(ctx, k)
	own, err := attempt.Own(k)
	if err != nil {
		return nil, err
	}
	m := &course{kit: k, handed: own.Handed, store: c.remembered(k), c: c}
	changed, _ := m.store.Stubs(own.Handed)
	c.changedStubs(changed)
	return m, m.grade(ctx)
}

// remembered opens what this clone remembers, and says when something is wrong with it.
func (c *call) remembered(k *kit.Kit) *memory.Store {
	s, notice := memory.Open(k.Root, c.lang)
	if notice != "" {
		fmt.Fprintln(c.Err, "checker:", lower(notice))
		c.told = notice
	}
	return s
}

// recalled does the same for a command that works without a memory: a clone that cannot be written is nothing to speak of.
func (c *call) recalled(k *kit.Kit) *memory.Store {
	s, notice := memory.Open(k.Root, c.lang)
	if notice != "" && s.Trouble() == "" {
		fmt.Fprintln(c.Err, "checker:", lower(notice))
	}
	return s
}

// lower is a sentence as it goes on behind a colon.
func lower(sentence string) string {
	if len(sentence) > 1 && sentence[1] >= 'a' && sentence[1] <= 'z' {
		return strings.ToLower(sentence[:1]) + sentence[1:]
	}
	return sentence
}

// grade grades what was handed in, as far as it is not known.
func (m *course) grade(ctx context.Context) error {
	c := m.c
	options, err := c.sandbox()
	if err != nil {
		return err
	}
	p := c.progress()
	g := &grade.Grader{Kit: m.kit, Sandbox: options, Jobs: c.opt.jobs, Lang: c.lang, Trace: grade.TraceFirst}
	var plan *memory.Plan
	g.Done = func(e result.Exercise) {
		if e.Status != result.Todo {
			p.graded(e, len(plan.Open))
		}
	}
	if plan, err = m.store.Plan(g, m.handed); err != nil {
		return err
	}
	var before []kit.Exercise
	for _, h := range plan.Open {
		if m.store.Journey(h.Exercise.Name).Passed.IsZero() {
			before = append(before, h.Exercise)
		}
	}
	if len(plan.Open) > 0 {
		p.draw(c.lang.Text("building"))
	}
	m.Result, err = plan.Grade(ctx)
	p.clear()
	if err != nil {
		return err
	}
	for _, e := range before {
		if slices.ContainsFunc(m.Exercises, func(r result.Exercise) bool { return r.Name == e.Name && r.Status == result.Pass }) {
			m.first = append(m.first, e)
		}
	}
	return nil
}

// tell says what could not be remembered, once.
func (m *course) tell() {
	if trouble := m.store.Trouble(); trouble != "" && trouble != m.c.told {
		fmt.Fprintln(m.c.Err, "checker:", lower(trouble))
	}
}

// one is the exercise that was named; without a name, the first that does not pass yet. ok is false when all do.
func (c *call) one(ctx context.Context) (m *course, h attempt.Handed, e result.Exercise, ok bool, err error) {
	if len(c.args) > 1 {
		return nil, h, e, false, usage("one exercise at a time")
	}
	if len(c.args) == 1 { // better now than after the work
		k, err := c.openKit()
		if err != nil {
			return nil, h, e, false, err
		}
		asked, err := find(k, c.args)
		if err != nil {
			return nil, h, e, false, err
		}
		own, err := attempt.Own(k)
		if err != nil {
			return nil, h, e, false, err
		}
		m = &course{kit: k, store: c.remembered(k), c: c}
		m.store.Stubs(own.Handed)
		if m.handed, err = choose(own, asked); err != nil {
			return nil, h, e, false, err
		}
		if err = m.grade(ctx); err != nil {
			return nil, h, e, false, err
		}
		return m, m.handed[0], m.Exercises[0], true, nil
	}
	if m, err = c.course(ctx); err != nil {
		return nil, h, e, false, err
	}
	for i, e := range m.Exercises {
		if e.Status != result.Pass {
			return m, m.handed[i], e, true, nil
		}
	}
	return m, h, e, false, nil
}

// Package class grades what a whole class has handed in, and keeps each verdict as soon as it is there.
//
// Attempts with the same content are graded once: a verdict belongs to the content of an attempt and to what decides it, and every
// learner who handed that in shares it. What was graded is never graded again, also after the checker was killed.
package class

import (
	"context"
	"path/filepath"
	"slices"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"
)

// Class is the grading of a class.
type Class struct {
	Kit       *kit.Kit
	Exercises []kit.Exercise // those that count
	Grader    grade.Grader   // how attempts are graded; its kit, its Done and its Slots are set here
	Store     *Store
	Lang      lang.Lang

	// Hear, when set, is told how far the work has come, one call at a time.
	Hear func(Progress)
}

// Progress is how far the work has come. Learners, and attempts, are those of the run.
type Progress struct {
	Reading          string // the submission that is being read; "" when all have been
	Read, Learners   int
	Complete         int // learners
	Graded, Attempts int // different ones, what was known before left out
	Done             []Standing
}

// Standing is a learner whose last verdict came.
type Standing struct {
	Learner          string
	Points, MaxScore int
}

// Summary is what a run has come to.
type Summary struct {
	Learners  int // that the run was asked for
	Refused   int // of these, submissions that could not be read
	Complete  int // of these, those with all verdicts
	Graded    int // attempts, in this run
	Known     int // attempts whose verdict was known before
	Faults    []Fault
	Elsewhere int // learners in the database whom this run was not asked for
}

// Fault is an attempt that could not be judged, for which nobody's code is to blame. It is not kept, and tried again in the next run.
type Fault struct {
	Exercise, Message string
	Learners          []string
}

// Run reads the submissions, and grades of them what has no verdict yet. An error means that the run ended early: what was
// graded so far is kept, and the next run goes on there. When ctx is cancelled it is ctx.Err().
func (c *Class) Run(ctx context.Context, submissions []Submission) (Summary, error) {
	var s Summary
	known, err := c.read(ctx, submissions, &s)
	if err != nil {
		return s, err
	}
	p := &player{Class: c, summary: &s, tried: map[string]int64{}, hidden: []string{filepath.Dir(c.Store.file)}}
	for _, x := range submissions {
		if dir := filepath.Dir(x.Path); !slices.Contains(p.hidden, dir) {
			p.hidden = append(p.hidden, dir)
		}
	}
	if err := p.start(known); err != nil {
		return s, err
	}
	err = p.play(ctx)
	if err == nil {
		err = ctx.Err()
	}
	s.Graded = p.progress.Graded
	s.Complete = p.progress.Complete
	return s, err
}

// tell tells how far the work has come.
func (c *Class) tell(p Progress) {
	if c.Hear != nil {
		c.Hear(p)
	}
}

// mistakes are the failed scenarios of an exercise.
func failed(e result.Exercise) (out []result.Scenario) {
	for _, s := range e.Scenarios {
		if s.Status == result.Fail || s.Status == result.Deadlock || s.Status == result.Timeout {
			out = append(out, s)
		}
	}
	return out
}

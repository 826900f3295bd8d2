// Package watch is the checker on a terminal. It shows where the learner is in the course, grades what is saved, and stays responsive
// whatever an attempt does.
//
// Four things work side by side. The source tells that files may have changed. The engine compares their content, grades what is
// new and cancels what is stale; it is the only one that decides anything. The model is what is shown, a pure function of
// what the engine publishes and of the keys. The screen draws the model and gives the terminal away where another program needs it.
package watch

import (
	"context"
	"os"
	"os/exec"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"
)

// Course is what watch asks of the rest of the checker. Its methods may be called by several goroutines at once.
type Course interface {
	// Recall gives the verdict of exactly this attempt, if it is remembered.
	Recall(h attempt.Handed) (result.Exercise, bool)

	// Grade grades these attempts, anew also those whose verdict is remembered, and calls done for each as soon as it is decided. After
	// ctx is done it comes back soon, with nothing left running. An error means that nothing could be judged.
	Grade(ctx context.Context, handed []attempt.Handed, anew bool, done func(result.Exercise)) error

	// Trace plays every scenario under the tracer.
	Trace(ctx context.Context, h attempt.Handed) (result.Exercise, error)

	// Mistake is the one that the verdict's hints are for, hints.Start where none was made.
	Mistake(e result.Exercise) string

	// Hint is a mistake's hint of a tier, from 1; "" where there is none.
	Hint(e kit.Exercise, mistake string, tier int) string

	// Revealed says how many tiers of a mistake's hints the learner has seen; Reveal notes that one more was.
	Revealed(exercise, mistake string) int
	Reveal(exercise, mistake string, tier int) error

	// Reread takes over what another checker has noted meanwhile.
	Reread()

	// Passed reports whether the exercise has ever passed, whatever its file holds now.
	Passed(exercise string) bool

	// Afterwards is what there is to say after a pass, in Markdown: what was learnt, and what to read on.
	Afterwards(e kit.Exercise) string

	// Diff compares the attempt with the solution, as diff -u does; without a difference it is "".
	Diff(h attempt.Handed) (string, error)

	// Roles are what the exercise's program can be run as: a role and its arguments.
	Roles(e kit.Exercise) ([][]string, error)

	// Command is the checker itself, called anew with these arguments on the same kit and in the same language.
	Command(args ...string) *exec.Cmd

	// Trouble is one sentence when something could not be remembered, else "".
	Trouble() string
}

// Config is what watch works on.
type Config struct {
	Kit     *kit.Kit
	Course  Course
	Lang    lang.Lang
	Color   bool
	Unicode bool     // the terminal shows UTF-8
	In, Out *os.File // both are terminals
	Start   string   // the name of the exercise to begin with; "": the first that does not pass
	Poll    bool     // look at the files only, whatever the kernel tells
	Notice  string   // one sentence to begin with, or ""
	Env     func(string) string
}

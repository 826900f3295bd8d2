// Package result is what grading an attempt gives: plain values that every renderer reads and none changes.
package result

import "forklings/checker/history"

// Schema names the JSON form of a Result.
const Schema = "forklings/result/v1"

// Status is the outcome of a scenario or of an exercise.
type Status string

const (
	Pass     Status = "pass"
	Fail     Status = "fail"
	Deadlock Status = "deadlock" // nobody could ever have gone on
	Timeout  Status = "timeout"  // undecided at the last-resort deadline
	Error    Status = "error"    // an exercise that could not be judged; a scenario that the kit or the machine spoiled
	Skip     Status = "skip"     // not played: the stub is untouched, or nothing could be built; with a Because: the machine does not allow it
	Todo     Status = "todo"     // an exercise whose stub is untouched
)

// Result is a whole grade.
type Result struct {
	Schema    string     `json:"schema"`
	Kit       string     `json:"kit"`   // the kit's version
	Tier      string     `json:"tier"`  // how the scenarios were kept apart: namespaces or subreaper
	Walls     string     `json:"walls"` // how well they were walled in, one of sandbox.Levels
	Score     int        `json:"score"`
	MaxScore  int        `json:"max_score"`
	Exercises []Exercise `json:"exercises"`
}

// Exercise is the grade of one exercise. Its score is the sum of its scenarios' scores: a point for each, where no course shares
// out the points in another way.
type Exercise struct {
	Name      string     `json:"name"`
	Number    int        `json:"number"`
	Title     string     `json:"title"`
	Status    Status     `json:"status"`
	Score     int        `json:"score"`
	MaxScore  int        `json:"max_score"`
	Message   string     `json:"message"`         // why there is no verdict, such as the compiler's words
	Extra     bool       `json:"extra,omitempty"` // its points are added, and it is not missed: it is in no sum of what can be had
	Scenarios []Scenario `json:"scenarios"`

	Fault bool `json:"-"` // the machine's or the kit's, never the learner's
}

// Scenario is the verdict of one scenario.
type Scenario struct {
	Name     string  `json:"name"`
	Title    string  `json:"title"`
	Status   Status  `json:"status"`
	Score    int     `json:"score"`
	MaxScore int     `json:"max_score"`
	Mistake  string  `json:"mistake"`
	Because  string  `json:"because"` // what ended the scenario
	Expected string  `json:"expected"`
	Actual   string  `json:"actual"`
	File     string  `json:"file"` // of the script
	Line     int     `json:"line"`
	Hint     string  `json:"hint"` // the first tier for this mistake
	Output   string  `json:"output"`
	Timeline []Event `json:"timeline"`
	Seconds  float64 `json:"seconds"`

	Replay string `json:"replay,omitempty"` // explored: what `checker trace -replay` repeats the order with that broke it

	Histories []history.History `json:"-"` // that the script has asked about

	Orders int    `json:"-"` // explored: how many orders were tried
	Cut    bool   `json:"-"` // explored: there were more orders up to the bound than are tried
	Strays int    `json:"-"` // explored: how often the processes did something else in the same order
	Order  string `json:"-"` // explored: the one that broke it

	Untraced  string `json:"-"` // why there is no timeline although there should be one
	Effort    Effort `json:"-"`
	Processes int    `json:"-"` // that showed themselves
}

// Event is one moment of a traced run.
type Event struct {
	Microseconds int64  `json:"t_us"`
	Who          string `json:"who"`
	PID          int    `json:"pid"`
	What         string `json:"what"`
	Detail       string `json:"detail"`

	// How it is drawn.
	Kind   Kind   `json:"-"`
	Other  string `json:"-"` // the process that it was done to, or that was learnt of
	Object string `json:"-"` // the lock that was taken or given back, the file that was replaced

	Decides bool `json:"-"` // the verdict is about this
	Killed  bool `json:"-"` // Ends: by a signal
}

// Kind is what an event means for the picture of a run.
type Kind int

const (
	Act         Kind = iota // anything else that a process does
	Point                   // it is at a sync point, or answers
	Starts                  // Other
	Signals                 // Other
	Learns                  // the end of Other, which it has waited for
	Ends                    // it has ended
	Interrupted             // it could have gone on, but it was Other's turn
	Takes                   // the lock Object
	Frees                   // the lock Object
	Breaks                  // what came back cannot be explained by any order of the calls
	Remains                 // it has ended, and is there as a zombie
	Held                    // before a system call
	Calls                   // what processes share, or gets back from it
	Replaces                // the file Object
)

// Effort is the most that one process did while a line of the script waited: how far a right attempt stays
// from the limits that name a process busy.
type Effort struct {
	CPU  float64 // seconds
	Naps int
}

// Counts: the scenario can be passed here. What the machine does not allow is worth nothing to anybody.
func (s Scenario) Counts() bool { return s.Status != Skip || s.Because == "" }

// Sum fills in the scores and statuses from the scenarios up.
func (r *Result) Sum() {
	r.Schema, r.Score, r.MaxScore = Schema, 0, 0
	for i := range r.Exercises {
		e := &r.Exercises[i]
		e.Sum()
		r.Score += e.Score
		r.MaxScore += e.MaxScore
	}
}

// Sum derives the exercise's score, and its status where the scenarios decide it: pass when all passed,
// error when one could not be judged, else fail.
func (e *Exercise) Sum() {
	e.Score, e.MaxScore = 0, 0
	status := Pass
	for i := range e.Scenarios {
		s := &e.Scenarios[i]
		s.Score, s.MaxScore = 0, 1
		switch {
		case s.Status == Pass:
			s.Score = 1
		case s.Status == Error:
			status, e.Fault = Error, true
		case !s.Counts():
			s.MaxScore = 0
		case status == Pass:
			status = Fail
		}
		e.Score += s.Score
		e.MaxScore += s.MaxScore
	}
	if e.Status == "" {
		e.Status = status
		if len(e.Scenarios) == 0 {
			e.Status, e.Fault, e.Message = Error, true, "the kit has no scenarios for it"
		}
	}
}

// ExitStatus is the one of `checker grade`: 0 all passed that is not extra, 1 something failed, 3 something could not be judged.
func (r *Result) ExitStatus() int {
	status := 0
	for _, e := range r.Exercises {
		switch {
		case e.Fault:
			return 3
		case e.Status != Pass && !e.Extra:
			status = 1
		}
	}
	return status
}

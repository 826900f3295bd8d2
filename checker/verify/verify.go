// Package verify grades the kit's own evidence: every stub, solution, right and wrong attempt, and checks that
// each verdict is the one that its name promises.
package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/load"
	"forklings/checker/result"
	"forklings/checker/sandbox"
)

// Options choose what is verified, and how hard.
type Options struct {
	Exercises []kit.Exercise
	Sandboxes []sandbox.Options // everything is played in each
	Spread    bool              // but of the attempts, right and wrong, each in one of them, the next one in the next
	First     bool              // of the wrong attempts of one mistake, only the first
	Repeat    int               // how often
	Load      int               // busy processes beside it
	Jobs      int               // scenarios at once
	For       time.Duration     // begin no further repeat after so long; 0: no limit
	Only      string            // only samples whose name holds this
	Log       io.Writer
	Verbose   bool

	// Progress, when set, hears how many of the builds are made, and then of the verdicts are given.
	Progress func(what string, n, of int)
}

// Report is what was found.
type Report struct {
	Problems  []string // each a sentence that says what to do
	Missing   []string // the same of exercises that say of themselves that they are unfinished
	Verdicts  int      // attempts graded
	Scenarios int      // scenarios played
	Orders    int      // orders that explored scenarios were played in
	Unshown   []string // wrong attempts that were not refused in any sandbox; none allowed the scenario that may do so: name and which
	Most      result.Effort
	MostBy    string
	Slowest   float64 // seconds
	SlowestBy string

	unshown map[string]string // by exercise and name, of this repeat: what could not be played where it was not refused; "": it was somewhere
}

// ErrNothing: no attempt has a name that holds Options.Only.
var ErrNothing = errors.New("nothing to verify")

// Run verifies. An error means that it could not be finished.
func Run(ctx context.Context, k *kit.Kit, o Options) (*Report, error) {
	r := &Report{}
	samples := map[string][]sample{}
	if len(o.Exercises) == len(k.Exercises) {
		for _, p := range LintKit(k) {
			r.problem(o, "", p)
		}
	}
	for _, e := range o.Exercises {
		for _, p := range Lint(k, e) {
			r.problem(o, e.Name, p)
		}
		s, err := collect(e)
		if err != nil {
			return nil, err
		}
		if o.First { // sorted by name, so those of one mistake are together
			s = slices.CompactFunc(s, func(a, b sample) bool { return a.mistake != "" && a.mistake == b.mistake })
		}
		samples[e.Name] = slices.DeleteFunc(s, func(s sample) bool { return !strings.Contains(s.name, o.Only) })
	}
	of := 0
	for _, s := range samples {
		of += len(s)
	}
	if of == 0 {
		return nil, fmt.Errorf("%w: no attempt's name holds %q; names are stub, solution, right/... and wrong/...", ErrNothing, o.Only)
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	stop, err := load.Start(o.Load)
	if err != nil {
		return nil, err
	}
	defer stop()
	n := 0
	var counting sync.Mutex
	graded := func(result.Exercise) {
		counting.Lock()
		defer counting.Unlock()
		n++
		o.Progress("verdicts", n, o.plays(samples))
	}
	g := &grade.Grader{Kit: k, Jobs: o.Jobs, Stubs: true, Decide: true, Done: graded}
	waves, err := r.build(ctx, g, o, samples)
	defer closeAll(waves)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	for n := range max(o.Repeat, 1) {
		r.unshown = map[string]string{}
		if n > 0 && o.For > 0 && time.Since(began) > o.For {
			fmt.Fprintf(o.Log, "stopped after %d repeats\n", n)
			break
		}
		for i, box := range o.Sandboxes {
			g.Sandbox = box
			here := slices.DeleteFunc(slices.Clone(waves), func(w wave) bool {
				return o.Spread && w.variants && (w.number+n)%len(o.Sandboxes) != i
			})
			if err := r.play(ctx, here, o); err != nil {
				return nil, err
			}
		}
		if err := r.elsewhere(ctx, k, o, samples); err != nil {
			return nil, err
		}
		for _, who := range slices.Sorted(maps.Keys(r.unshown)) {
			if skipped := r.unshown[who]; skipped != "" {
				r.Unshown = append(r.Unshown, who+": "+skipped)
			}
		}
		if o.Repeat > 1 {
			fmt.Fprintf(o.Log, "repeat %d of %d: %d scenarios, %d problems, %v\n", n+1, o.Repeat, r.Scenarios, len(r.Problems), time.Since(began).Round(time.Second))
		}
	}
	return r, nil
}

func closeAll(waves []wave) {
	for _, w := range waves {
		w.built.Close()
	}
}

// elsewhere plays the wrong attempts that were spread to a sandbox that could not refuse them in the others.
func (r *Report) elsewhere(ctx context.Context, k *kit.Kit, o Options, samples map[string][]sample) error {
	left := map[string][]sample{}
	for exercise, of := range samples {
		for _, s := range of {
			if o.Spread && r.unshown[exercise+" "+s.name] != "" {
				left[exercise] = append(left[exercise], s)
			}
		}
	}
	if len(left) == 0 {
		return nil
	}
	o.Progress = func(string, int, int) {}
	g := &grade.Grader{Kit: k, Jobs: o.Jobs, Stubs: true, Decide: true}
	waves, err := r.build(ctx, g, o, left)
	defer closeAll(waves)
	for _, box := range o.Sandboxes {
		if g.Sandbox = box; err == nil {
			err = r.play(ctx, waves, o)
		}
	}
	return err
}

// atOnce is how many waves are played side by side: in each of them some samples are long over when the last is not.
const atOnce = 3

// play plays every wave once.
func (r *Report) play(ctx context.Context, waves []wave, o Options) error {
	var all sync.WaitGroup
	var mutex sync.Mutex
	var failed error
	slots := make(chan bool, atOnce)
	for _, w := range waves {
		slots <- true
		all.Go(func() {
			played, err := w.built.Play(ctx)
			mutex.Lock()
			defer mutex.Unlock()
			<-slots
			if err != nil {
				failed = err
				return
			}
			for i, e := range played.Exercises {
				r.judge(w.samples[i], e, o)
			}
		})
	}
	all.Wait()
	return failed
}

// problem notes what is wrong. What an unfinished exercise lacks is told, and is no failure.
func (r *Report) problem(o Options, exercise, text string) {
	i := slices.IndexFunc(o.Exercises, func(e kit.Exercise) bool { return e.Name == exercise })
	if i >= 0 && Unfinished(o.Exercises[i]) {
		r.Missing = append(r.Missing, text)
		fmt.Fprintln(o.Log, "unfinished:", text)
		return
	}
	r.Problems = append(r.Problems, text)
	fmt.Fprintln(o.Log, "PROBLEM:", text)
}

// Unfinished: the exercise's README says so, in a comment of this form.
func Unfinished(e kit.Exercise) bool {
	text, err := os.ReadFile(e.Readme(""))
	return err == nil && strings.Contains(string(text), "<!-- unfinished -->")
}

// sample is one attempt and the verdict it must get.
type sample struct {
	name    string // "wrong/polls.timerfd"
	mistake string // "" where it must pass
	stub    bool   // must be refused, whatever the mistake
	file    string
	handed  attempt.Handed
}

func collect(e kit.Exercise) (all []sample, err error) {
	all = append(all, sample{name: "stub", stub: true, file: e.StubFile(), handed: attempt.Single(e, e.StubFile())})
	solution, err := e.Solution()
	if err != nil {
		return nil, err
	}
	if len(solution) > 0 {
		all = append(all, sample{name: "solution", file: strings.Join(solution, ", "), handed: attempt.Single(e, solution...)})
	}
	for _, kind := range []string{"right", "wrong"} {
		samples, err := e.Attempts(kind)
		if err != nil {
			return nil, err
		}
		for _, s := range samples {
			all = append(all, sample{name: kind + "/" + s.Name, mistake: s.Mistake, file: s.File, handed: attempt.Single(e, s.File)})
		}
	}
	return all, nil
}

// wave is one build that holds one sample of every exercise: an attempt like any other, and far fewer builds than there
// are samples.
type wave struct {
	variants bool // no stubs and no solutions
	number   int  // from 0, of the waves of its kind
	samples  []*sample
	built    *grade.Built
}

// variant: an attempt, neither the stub nor the solution.
func (s sample) variant() bool { return strings.Contains(s.name, "/") }

// waves puts the samples into waves.
func (o Options) waves(samples map[string][]sample) (all []wave) {
	for _, variants := range []bool{false, true} {
		for n := 0; ; n++ {
			w := wave{variants: variants, number: n}
			for _, e := range o.Exercises {
				of := samples[e.Name]
				first := slices.IndexFunc(of, sample.variant) // these come last
				if first < 0 {
					first = len(of)
				}
				if of = of[:first]; variants {
					of = samples[e.Name][first:]
				}
				if n < len(of) {
					w.samples = append(w.samples, &of[n])
				}
			}
			if len(w.samples) == 0 {
				break
			}
			all = append(all, w)
		}
	}
	return all
}

// plays is how many verdicts there will be.
func (o Options) plays(samples map[string][]sample) (n int) {
	for _, of := range samples {
		for _, s := range of {
			if o.Spread && s.variant() {
				n++
			} else {
				n += len(o.Sandboxes)
			}
		}
	}
	return n * max(o.Repeat, 1)
}

func (r *Report) build(ctx context.Context, g *grade.Grader, o Options, samples map[string][]sample) (waves []wave, err error) {
	waves = o.waves(samples)
	for i := range waves {
		var handed []attempt.Handed
		for _, s := range waves[i].samples {
			handed = append(handed, s.handed)
		}
		if waves[i].built, err = g.Build(ctx, handed); err != nil {
			return waves[:i], err
		}
		o.Progress("builds", i+1, len(waves))
	}
	return waves, nil
}

// anyOrder ends the name of an attempt that does things in an order which is open, such as that of a map.
const anyOrder = "any-order"

// judge compares a verdict with what the sample's name promises. A wrong attempt is played as far as it takes to refuse it.
func (r *Report) judge(s *sample, e result.Exercise, o Options) {
	r.Verdicts++
	who := e.Name + " " + s.name
	problem := func(format string, args ...any) {
		r.problem(o, e.Name, who+": "+fmt.Sprintf(format, args...))
	}
	if e.Message != "" {
		problem("%s was not graded: %s", s.file, e.Message)
		return
	}
	first, skipped := -1, ""
	for i, v := range e.Scenarios {
		if first >= 0 {
			break // the others were not played
		}
		r.Scenarios++
		r.Orders += v.Orders
		if v.Status == result.Skip {
			skipped = fmt.Sprintf("%s: %s", v.Name, v.Because)
			if o.Verbose {
				fmt.Fprintf(o.Log, "skipped: %s %s\n", who, skipped)
			}
		} else if v.Status != result.Pass {
			first = i
		}
		if v.Status == result.Error || v.Status == result.Timeout {
			problem("undecided: %s", Text(v))
		}
		if v.Cut {
			problem("%s has too many orders, and not all with one preemption were tried: fewer processes, operations or gates", v.Name)
		}
		if v.Strays > 0 && !strings.HasSuffix(s.name, anyOrder) {
			problem("%s: the processes did something else in the same order, %d times; if that is the attempt's own choice, its name ends in %s", v.Name, v.Strays, anyOrder)
		}
		if v.Seconds > r.Slowest {
			r.Slowest, r.SlowestBy = v.Seconds, who+" "+v.Name
		}
		if o.Verbose {
			fmt.Fprintf(o.Log, "%s: %s", who, Text(v))
		}
		if s.mistake == "" && !s.stub && (v.Effort.CPU > r.Most.CPU || v.Effort.Naps > r.Most.Naps) {
			r.Most.CPU, r.Most.Naps = max(r.Most.CPU, v.Effort.CPU), max(r.Most.Naps, v.Effort.Naps)
			r.MostBy = who + " " + v.Name
		}
	}
	switch {
	case s.stub:
		if first < 0 {
			problem("it passes, and does nothing")
		}
	case s.mistake == "":
		if first >= 0 {
			problem("it is right, and was refused: %s", Text(e.Scenarios[first]))
		}
	case first < 0 && skipped != "": // the scenario that refuses it may be the one that cannot be played here
		if _, known := r.unshown[who]; !known {
			r.unshown[who] = skipped
		}
		if o.Verbose {
			fmt.Fprintf(o.Log, "not refused: %s\n", who)
		}
	case first < 0:
		problem("it was not refused")
	case e.Scenarios[first].Mistake != s.mistake:
		problem("it was refused under another name: %s", Text(e.Scenarios[first]))
	default:
		r.unshown[who] = ""
	}
}

// Text is a verdict in a few lines, for an author.
func Text(v result.Scenario) string {
	if v.Status == result.Pass && v.Orders > 0 {
		return fmt.Sprintf("%s: pass (%d orders, %.0f ms)\n", v.Name, v.Orders, v.Seconds*1000)
	}
	if v.Status == result.Pass {
		return fmt.Sprintf("%s: pass (%.0f ms)\n", v.Name, v.Seconds*1000)
	}
	return fmt.Sprintf("%s:%d: %s %s (%s; %.0f ms)\n\texpected: %s\n\tseen:     %s\n\t%s\n", v.Name, v.Line, v.Status, v.Mistake, v.Because, v.Seconds*1000, v.Expected, v.Actual, v.Output)
}

// Package grade turns an attempt into a result: one build, then every scenario in a sandbox of its own.
package grade

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/scenario"
	"forklings/checker/tempdir"
)

// Grader grades against one kit.
type Grader struct {
	Kit     *kit.Kit
	Sandbox sandbox.Options
	Jobs    int               // scenarios at once; 0: DefaultJobs
	Slots   chan bool         // when set, has room for the scenarios that play at once, of all graders that share it
	Only    string            // play no other scenario than this
	Pick    map[string]string // of these exercises, no other scenario than this
	Stubs   bool              // grade an untouched stub like any other attempt
	Hidden  []string          // what programs may not read beside the kit and the attempts, wherever that lies
	Order   string            // of the one explored scenario that is played: no other order than this
	Trace   Trace
	Lang    lang.Lang // of what a learner reads
	Decide  bool      // play an exercise's scenarios in their order and no further than the first that fails; the others are skipped

	// BuildLimit is how long a build may take; 0: the constant of this name.
	BuildLimit time.Duration
	// PlayLimit is how long all scenarios of an exercise may take together; 0: the constant of this name.
	PlayLimit time.Duration

	// Share, when set, is all that stands in the kit: it is built once, for every checker that runs at the same
	// time on one exercise of it, as below `go test ./exercises/...`.
	Share []attempt.Handed

	// Done, when set, hears of every exercise as soon as it is decided, one call at a time.
	Done func(result.Exercise)

	build builds
}

// Trace is what is played once more under the tracer, for its timeline.
type Trace int

const (
	TraceNothing Trace = iota
	TraceFirst         // the first scenario of each exercise that failed
	TraceFailed        // every one
	TraceAll           // nothing is played but under the tracer
)

// DefaultJobs is how many scenarios play at once: most of their time they wait.
func DefaultJobs() int { return 2 * runtime.NumCPU() }

// Jobs is how many scenarios play at once where so many are asked for, 0: DefaultJobs. There are fewer where the machine has no
// room for so many; an error where there is none for one.
func Jobs(asked int) (int, error) {
	if asked <= 0 {
		asked = DefaultJobs()
	}
	return sandbox.Left().Jobs(asked)
}

// Grade builds and plays. An error means that nothing could be judged, and is never the learner's fault;
// when ctx is cancelled it is ctx.Err().
func (g *Grader) Grade(ctx context.Context, handed []attempt.Handed) (*result.Result, error) {
	b, err := g.Build(ctx, handed)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return b.Play(ctx)
}

// Built is an attempt ready to be played, any number of times.
type Built struct {
	grader    *Grader
	dir       string
	remove    func()
	version   string
	exercises []exercise
	public    []string // what programs may read: not the kit, nor what else was handed in, nor what else is graded

	mutex  sync.Mutex
	number int // of the next scenario's folder
	jobs   int // scenarios at once, where there is anything to play
}

type exercise struct {
	kit.Exercise
	verdict   result.Exercise // as far as it is known before anything is played
	scenarios []kit.Scenario
	playable  bool
	binary    string // what runs its program
}

// Build compiles what can be compiled. The caller closes what is returned.
func (g *Grader) Build(ctx context.Context, handed []attempt.Handed) (_ *Built, err error) {
	b := &Built{grader: g}
	hidden := append([]string{g.Kit.Root, os.TempDir()}, g.Hidden...)
	if b.version, err = g.Kit.Version(); err != nil {
		return nil, err
	}
	if b.dir, b.remove, err = tempdir.New(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	var buildable []attempt.Handed
	for _, h := range handed {
		hidden = append(hidden, h.Dir)
		x := exercise{Exercise: h.Exercise}
		x.verdict = result.Exercise{Name: h.Exercise.Name, Number: h.Exercise.Number}
		x.verdict.Title, _ = h.Exercise.Title(g.Lang)
		if x.scenarios, err = h.Exercise.Scenarios(); err != nil {
			return nil, err
		}
		if only := cmp.Or(g.Pick[h.Exercise.Name], g.Only); only != "" {
			x.scenarios = slices.DeleteFunc(x.scenarios, func(s kit.Scenario) bool { return s.Name != only })
		}
		switch {
		case h.Err != nil:
			x.verdict.Status, x.verdict.Message = result.Error, g.Lang.Error(h.Err)
		case !g.Stubs && h.Untouched():
			x.verdict.Status = result.Todo
			x.verdict.Message = g.Lang.Sprintf("not begun: exercises/%s/%s says what %s has to do", h.Exercise.Folder, filepath.Base(h.Exercise.Readme(g.Lang)), h.Exercise.File)
		default:
			x.playable = true
			buildable = append(buildable, h)
		}
		b.exercises = append(b.exercises, x)
	}
	b.public = sandbox.Public(hidden...)
	if len(buildable) == 0 {
		return b, nil
	}
	if g.Slots == nil { // else whoever has made them has counted, and what plays there meanwhile takes its room
		if b.jobs, err = Jobs(g.Jobs); err != nil {
			return nil, err
		}
	}
	src := filepath.Join(b.dir, "build")
	if err := os.Mkdir(src, 0o700); err != nil {
		return nil, err
	}
	built, err := g.compile(ctx, src, buildable)
	if err != nil {
		return nil, err
	}
	for i := range b.exercises {
		x := &b.exercises[i]
		x.binary = built.binary[x.Name]
		message, broken := built.broken[x.Name]
		fault, faulty := built.faults[x.Name]
		if broken || faulty {
			x.playable, x.verdict.Status, x.verdict.Message, x.verdict.Fault = false, result.Error, message+fault, faulty
		}
	}
	return b, nil
}

// walls are those that were tried out, and that every scenario has to have; "" where there are none: the scenarios say why.
func (g *Grader) walls() string {
	level, _ := sandbox.Level(g.Sandbox)
	return level
}

// Close removes what was built.
func (b *Built) Close() {
	if b.remove != nil {
		b.remove()
	}
}

// Play plays every scenario once.
func (b *Built) Play(ctx context.Context) (*result.Result, error) {
	r := &result.Result{Kit: b.version, Tier: string(b.grader.Sandbox.Tier), Walls: b.grader.walls(), Exercises: make([]result.Exercise, len(b.exercises))}
	slots := b.grader.Slots
	if slots == nil {
		slots = make(chan bool, max(1, b.jobs))
	}
	var all sync.WaitGroup
	var done sync.Mutex
	for i, x := range b.exercises {
		r.Exercises[i] = x.verdict
		r.Exercises[i].Scenarios = make([]result.Scenario, len(x.scenarios))
		var open sync.WaitGroup
		verdicts := r.Exercises[i].Scenarios
		clock := b.grader.clock()
		play := func(j int) {
			verdicts[j] = clock.play(b.grader.Lang, verdicts[j], func() result.Scenario { return b.play(ctx, x, x.scenarios[j]) })
		}
		for j, s := range x.scenarios {
			verdicts[j] = result.Scenario{Name: s.Name, Title: s.Titles.In(b.grader.Lang), File: b.grader.relative(s.File), Status: result.Skip}
		}
		switch {
		case !x.playable:
		case b.grader.Decide:
			open.Go(func() {
				for j := range x.scenarios {
					slots <- true
					play(j)
					<-slots
					if v := verdicts[j].Status; v != result.Pass && v != result.Skip {
						return
					}
				}
			})
		default:
			for j := range x.scenarios {
				slots <- true
				open.Go(func() {
					defer func() { <-slots }()
					play(j)
				})
			}
		}
		decided := func() {
			open.Wait()
			b.trace(ctx, x, r.Exercises[i].Scenarios, slots)
			done.Lock()
			defer done.Unlock()
			r.Exercises[i].Sum()
			if b.grader.Done != nil && ctx.Err() == nil {
				b.grader.Done(r.Exercises[i])
			}
		}
		if x.playable {
			all.Go(decided)
		} else {
			decided()
		}
	}
	all.Wait()
	r.Sum()
	return r, ctx.Err()
}

// trace plays what failed once more, and keeps the timeline if it failed in the same way: never one of another run. What was
// seen is told of that run then, so that the text and the timeline speak of the same moment and the same PIDs.
func (b *Built) trace(ctx context.Context, x exercise, verdicts []result.Scenario, slots chan bool) {
	for i, v := range verdicts {
		if b.grader.Trace == TraceNothing || b.grader.Trace == TraceAll || v.Status != result.Fail && v.Status != result.Deadlock || ctx.Err() != nil {
			continue
		}
		if v.Order != "" { // explored: that timeline is of the order that broke it
			if b.grader.Trace == TraceFirst {
				return
			}
			continue
		}
		var again result.Scenario
		same := false
		for range 3 { // what is won by one thread or the other may turn out differently once
			slots <- true
			again = b.run(ctx, x, x.scenarios[i], true)
			<-slots
			same = again.Status == v.Status && again.Mistake == v.Mistake
			if same || again.Status == result.Skip || again.Status == result.Error || ctx.Err() != nil {
				break
			}
		}
		if same {
			verdicts[i].Timeline = again.Timeline
			verdicts[i].Line, verdicts[i].Expected, verdicts[i].Actual = again.Line, again.Expected, again.Actual
			verdicts[i].Because, verdicts[i].Output = again.Because, again.Output
		} else {
			verdicts[i].Untraced = b.grader.Lang.Text("none: played again under the tracer, it did not fail in this way")
			if again.Status == result.Skip { // its own tracer, say, found ours: what it says of that is not true of the verdict
				verdicts[i].Untraced = b.grader.Lang.Text("none: this scenario cannot be played under the tracer that timelines are made with")
			}
		}
		if b.grader.Trace == TraceFirst {
			return
		}
	}
}

func (b *Built) play(ctx context.Context, x exercise, s kit.Scenario) result.Scenario {
	v := b.run(ctx, x, s, b.grader.Trace == TraceAll)
	if v.Order != "" {
		v.Replay = Replay{x.Name, s.Name, b.version, v.Order}.String()
	}
	if b.grader.Trace == TraceNothing {
		v.Timeline = nil
	}
	if v.Mistake != "" {
		v.Hint = Hint(x.Exercise, b.grader.Lang, v.Mistake, 1)
	}
	if rel, err := filepath.Rel(b.grader.Kit.Root, v.File); err == nil {
		v.File = rel
	}
	return v
}

func (b *Built) run(ctx context.Context, x exercise, s kit.Scenario, trace bool) result.Scenario {
	b.mutex.Lock()
	b.number++
	dir := filepath.Join(b.dir, fmt.Sprint(b.number))
	b.mutex.Unlock()
	if err := os.Mkdir(dir, 0o700); err != nil {
		return result.Scenario{Name: s.Name, Title: s.Titles.In(b.grader.Lang), File: s.File, Status: result.Error, Because: b.grader.Lang.Error(err)}
	}
	box := b.grader.Sandbox
	box.Read, box.Least = b.public, b.grader.walls()
	return scenario.Play{File: s.File, Binary: x.binary, Program: x.Name, Dir: dir, Sandbox: box, Trace: trace, Order: b.grader.Order, Lang: b.grader.Lang}.Run(ctx)
}

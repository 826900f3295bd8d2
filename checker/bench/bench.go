// Package bench measures grading beside the baseline, in pairs: a machine's speed drifts, a ratio of two runs
// side by side holds.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/tempdir"
)

// Bounds that must hold, as ratios.
const (
	GradeFaster = 4.0 // a whole grade beside the baseline, at least
	TestSlower  = 1.0 // go test ./exercises/... beside the baseline, at most
	SaveSlower  = 1.5 // save to verdict beside go build and the programs' own run time, at most

	TracedSlower = 4.0 // a scenario under the tracer beside the same without, at most
)

// bench is one measurement: a copy of the kit, and the baseline beside it.
type bench struct {
	ctx     context.Context
	dir     string
	kit     *kit.Kit
	copy    *kit.Kit // a copy in which the solutions are laid into the exercises
	checker string
	shapes  []shape
	edits   int
	cpu     time.Duration // of everything that was run
	turn    int           // of the exercise to save next
}

// shape is what an exercise's scenarios start: the number of processes of each.
type shape struct {
	kit.Exercise
	processes []int
}

// Run measures n pairs and prints the ratios. A bound that does not hold is an error.
func Run(ctx context.Context, n int, out io.Writer) error {
	root, err := kit.Locate(".")
	if err != nil {
		return err
	}
	b := &bench{ctx: ctx}
	if b.kit, err = kit.Open(root); err != nil {
		return err
	}
	dir, remove, err := tempdir.New()
	if err != nil {
		return err
	}
	defer remove()
	b.dir = dir
	if err := b.prepare(); err != nil {
		return err
	}
	scenarios, processes := 0, 0
	for _, s := range b.shapes {
		scenarios += len(s.processes)
		for _, p := range s.processes {
			processes += p
		}
	}
	fmt.Fprintf(out, "%d exercises, %d scenarios, %d processes; %d pairs, all solutions, every file changed each time\n", len(b.shapes), scenarios, processes, n)

	whole, err := b.pairs(out, "baseline / whole grade", n, b.baseline, b.grade)
	if err != nil {
		return err
	}
	if _, err := b.pairs(out, "baseline / one build and bare processes", n, b.baseline, b.least); err != nil {
		return err
	}
	tests, err := b.pairs(out, "go test ./exercises/... / baseline", n, b.test, b.baseline)
	if err != nil {
		return err
	}
	save, err := b.pairs(out, "save to verdict / go build and run", n*3, b.save, b.buildAndRun)
	if err != nil {
		return err
	}
	traced, err := b.traced(out, n)
	if err != nil {
		return err
	}
	var failed []string
	for _, bound := range []struct {
		what string
		ok   bool
	}{
		{fmt.Sprintf("a whole grade is %.1f times faster than the baseline, and should be %.1f", whole, GradeFaster), whole >= GradeFaster},
		{fmt.Sprintf("go test takes %.2f of the baseline, and may take %.2f", tests, TestSlower), tests <= TestSlower},
		{fmt.Sprintf("save to verdict takes %.2f of go build and run, and may take %.2f", save, SaveSlower), save <= SaveSlower},
		{fmt.Sprintf("a scenario under the tracer takes %.2f times as long, and may take %.2f", traced, TracedSlower), traced <= TracedSlower},
	} {
		mark := "holds"
		if !bound.ok {
			mark, failed = "FAILS", append(failed, bound.what)
		}
		fmt.Fprintf(out, "%s  %s\n", mark, bound.what)
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d bounds do not hold", len(failed))
	}
	return nil
}

// pairs runs a and b in turn after a warm-up of each, and returns the median ratio of their times.
func (b *bench) pairs(out io.Writer, name string, n int, first, second func() (time.Duration, error)) (float64, error) {
	var ratios, firsts, seconds []float64
	var cpu [2]time.Duration
	for i := range n + 1 {
		before := b.cpu
		one, err := first()
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		between := b.cpu
		other, err := second()
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		if i == 0 {
			continue
		}
		cpu[0], cpu[1] = cpu[0]+between-before, cpu[1]+b.cpu-between
		ratios = append(ratios, one.Seconds()/other.Seconds())
		firsts, seconds = append(firsts, one.Seconds()), append(seconds, other.Seconds())
	}
	r := median(ratios)
	fmt.Fprintf(out, "%-38s median %.2f (%.2f to %.2f); %.2f s and %.2f s; CPU %.2f s and %.2f s\n", name, r, slices.Min(ratios), slices.Max(ratios),
		median(firsts), median(seconds), cpu[0].Seconds()/float64(n), cpu[1].Seconds()/float64(n))
	return r, nil
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func (b *bench) prepare() (err error) {
	b.checker = filepath.Join(b.dir, "checker")
	if _, err := b.run(b.kit.Root, "go", "build", "-buildvcs=false", "-o", b.checker, "./cmd/checker"); err != nil {
		return err
	}
	if b.shapes, err = b.count(); err != nil {
		return err
	}
	if err := b.copyKit(); err != nil {
		return err
	}
	return b.writeBaseline()
}

// count plays every solution once and counts the processes of each scenario.
func (b *bench) count() (shapes []shape, err error) {
	r, err := b.play(grade.Grader{})
	if err != nil {
		return nil, err
	}
	for i, e := range r.Exercises {
		s := shape{Exercise: b.kit.Exercises[i]}
		for _, v := range e.Scenarios {
			s.processes = append(s.processes, max(v.Processes, 1))
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

// run runs a command and measures it.
func (b *bench) run(dir, name string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Dir = dir
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	} else {
		b.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	return time.Since(began), err
}

// edit changes a Go file, as a save does, so that nothing that was built from it counts any more.
func (b *bench) edit(name string) error {
	b.edits++
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "\n// edit %d\nvar edit%d = %d\n", b.edits, b.edits, b.edits)
	return err
}

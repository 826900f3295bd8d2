package bench

import (
	"fmt"
	"io"
	"slices"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/result"
	"forklings/checker/sandbox"
)

// traced plays every scenario of the solutions n times with the tracer and n times without, one at a time, and returns
// the median of the scenarios' ratios. What is explored is always traced, and does not count.
func (b *bench) traced(out io.Writer, n int) (float64, error) {
	seconds := map[grade.Trace]map[string][]float64{grade.TraceAll: {}, grade.TraceNothing: {}}
	for range n {
		for trace, taken := range seconds {
			r, err := b.play(grade.Grader{Jobs: 1, Trace: trace})
			if err != nil {
				return 0, err
			}
			for _, e := range r.Exercises {
				for _, s := range e.Scenarios {
					if s.Status == result.Pass && s.Orders == 0 {
						name := e.Name + " " + s.Name
						taken[name] = append(taken[name], s.Seconds)
					}
				}
			}
		}
	}
	var ratios []float64
	var dear []string
	runs := 0
	for name, with := range seconds[grade.TraceAll] {
		if runs += len(with); len(seconds[grade.TraceNothing][name]) > 0 {
			ratio := median(with) / median(seconds[grade.TraceNothing][name])
			if ratios = append(ratios, ratio); ratio > TracedSlower {
				dear = append(dear, fmt.Sprintf("%s %.1f", name, ratio))
			}
		}
	}
	if len(ratios) == 0 {
		return 0, fmt.Errorf("no scenario passed under the tracer")
	}
	r := median(ratios)
	fmt.Fprintf(out, "%-38s median %.2f (%.2f to %.2f); %d traced runs of %d scenarios, %d of them above %.0f\n", "traced / untraced", r, slices.Min(ratios), slices.Max(ratios),
		runs, len(ratios), len(dear), TracedSlower)
	slices.Sort(dear)
	for _, name := range dear {
		fmt.Fprintln(out, "   ", name)
	}
	return r, nil
}

// play plays every solution once, as the grader says.
func (b *bench) play(g grade.Grader) (*result.Result, error) {
	options, err := sandbox.Best()
	if err != nil {
		return nil, err
	}
	var handed []attempt.Handed
	for _, e := range b.kit.Exercises {
		files, err := e.Solution()
		if err != nil {
			return nil, err
		}
		handed = append(handed, attempt.Single(e, files...))
	}
	g.Kit, g.Sandbox = b.kit, options
	return g.Grade(b.ctx, handed)
}

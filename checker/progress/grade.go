package progress

import (
	"context"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/result"
)

// Plan is what there is to grade, and what is known already.
type Plan struct {
	Open []attempt.Handed // to be built and played; what was not begun, or cannot be read, is not among them

	store  *Store
	grader grade.Grader
	handed []attempt.Handed
	known  map[string]result.Exercise
	keys   map[string]string
}

// Plan looks up what is known of these attempts. An error is the machine's or the kit's.
func (s *Store) Plan(g *grade.Grader, handed []attempt.Handed) (*Plan, error) {
	return s.plan(g, handed, true)
}

// Anew is a plan to grade all of it, whatever is known, and to remember it; nothing is remembered of a grader that makes no timelines.
func (s *Store) Anew(g *grade.Grader, handed []attempt.Handed) (*Plan, error) {
	return s.plan(g, handed, false)
}

func (s *Store) plan(g *grade.Grader, handed []attempt.Handed, recall bool) (*Plan, error) {
	p := &Plan{store: s, grader: *g, handed: handed, known: map[string]result.Exercise{}, keys: map[string]string{}}
	if recall && g.Trace == grade.TraceNothing {
		p.grader.Trace = grade.TraceFirst // who asks next may want to see it
	}
	whole := g.Only == "" && g.Pick == nil && g.Order == "" && !g.Decide && (p.grader.Trace == grade.TraceFirst || p.grader.Trace == grade.TraceFailed)
	keys, err := NewKeys(g.Kit, Options{Sandbox: g.Sandbox, Lang: g.Lang})
	if err != nil {
		return nil, err
	}
	for _, h := range handed {
		if h.Err != nil || h.Untouched() && !g.Stubs {
			continue
		}
		if whole {
			key, err := keys.Of(h)
			if err != nil {
				return nil, err
			}
			if e, ok := s.Recall(key); ok && recall {
				p.known[h.Exercise.Name] = e
				continue
			}
			p.keys[h.Exercise.Name] = key
		}
		p.Open = append(p.Open, h)
	}
	return p, nil
}

// Grade grades what is open, and remembers each verdict as soon as it is there; the grader's Done hears of these only. The result
// holds all that was handed in, in that order. What cannot be remembered is no error: see Trouble.
func (p *Plan) Grade(ctx context.Context) (*result.Result, error) {
	var rest []attempt.Handed
	for _, h := range p.handed {
		if _, ok := p.known[h.Exercise.Name]; !ok {
			rest = append(rest, h)
		}
	}
	g := p.grader
	done := g.Done
	g.Done = func(e result.Exercise) {
		if key := p.keys[e.Name]; key != "" {
			p.store.Remember(key, e)
		}
		if done != nil {
			done(e)
		}
	}
	r, err := g.Grade(ctx, rest)
	if err != nil {
		return nil, err
	}
	graded := map[string]result.Exercise{}
	for _, e := range r.Exercises {
		graded[e.Name] = e
	}
	r.Exercises = nil
	for _, h := range p.handed {
		e, ok := graded[h.Exercise.Name]
		if !ok {
			e = p.refresh(h, p.known[h.Exercise.Name], r.Kit)
		}
		r.Exercises = append(r.Exercises, e)
	}
	r.Sum()
	return r, nil
}

// refresh puts in what a verdict shows of the kit and does not hang on.
func (p *Plan) refresh(h attempt.Handed, e result.Exercise, version string) result.Exercise {
	e.Number = h.Exercise.Number
	e.Title, _ = h.Exercise.Title(p.grader.Lang)
	for i := range e.Scenarios {
		s := &e.Scenarios[i]
		if s.Mistake != "" {
			s.Hint = grade.Hint(h.Exercise, p.grader.Lang, s.Mistake, 1)
		}
		if s.Order != "" {
			s.Replay = grade.Replay{Exercise: e.Name, Scenario: s.Name, Kit: version, Order: s.Order}.String()
		}
	}
	return e
}

// Grade grades what is not remembered, and remembers it. What was not begun is todo without any grading; a fault is not
// remembered. An error means that nothing could be judged, as for grade.Grader.
func (s *Store) Grade(ctx context.Context, g *grade.Grader, handed []attempt.Handed) (*result.Result, error) {
	p, err := s.Plan(g, handed)
	if err != nil {
		return nil, err
	}
	return p.Grade(ctx)
}

package progress

import (
	"context"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/result"
)

// traced is one scenario that was played under the tracer.
type traced struct {
	Key      string        `json:"key"`
	Scenario savedScenario `json:"scenario"`
}

// Traced gives a scenario of each attempt with its timeline: the one that pick names, by exercise. What is remembered is not played
// again; what cannot be traced here has no timeline. An exercise without a pick is left out.
func (s *Store) Traced(ctx context.Context, g *grade.Grader, handed []attempt.Handed, pick map[string]string) (map[string]result.Scenario, error) {
	known := map[string]result.Scenario{}
	made, err := NewKeys(g.Kit, Options{Sandbox: g.Sandbox, Lang: g.Lang})
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	var open []attempt.Handed
	for _, h := range handed {
		name := h.Exercise.Name
		if pick[name] == "" || h.Err != nil {
			continue
		}
		key, err := made.Of(h)
		if err != nil {
			return nil, err
		}
		keys[name] = key + "/" + pick[name]
		if v, ok := s.trace(name, keys[name]); ok {
			known[name] = v
			continue
		}
		open = append(open, h)
	}
	if len(open) == 0 {
		return known, nil
	}
	player := *g
	player.Trace, player.Pick = grade.TraceAll, pick
	r, err := player.Grade(ctx, open)
	if err != nil {
		return nil, err
	}
	return known, s.update(func(now *state) (any bool) {
		for _, e := range r.Exercises {
			if len(e.Scenarios) == 1 && len(e.Scenarios[0].Timeline) > 0 {
				known[e.Name] = e.Scenarios[0]
				now.of(e.Name).Traced = &traced{keys[e.Name], savedOf(e.Scenarios[0])}
				any = true
			}
		}
		return any
	})
}

func (s *Store) trace(exercise, key string) (result.Scenario, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r := s.state.Exercises[exercise]; r != nil && r.Traced != nil && r.Traced.Key == key {
		return r.Traced.Scenario.value(), true
	}
	return result.Scenario{}, false
}

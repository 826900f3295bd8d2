package progress

import (
	"slices"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"
)

// Known gives the verdicts that are remembered of these attempts as they stand, by exercise. A verdict in another language counts,
// too. Nothing is graded.
func (s *Store) Known(k *kit.Kit, handed []attempt.Handed, o sandbox.Options) (map[string]result.Exercise, error) {
	known := map[string]result.Exercise{}
	if len(handed) == 0 { // to look up what all have in common takes a moment
		return known, nil
	}
	for _, l := range lang.All {
		keys, err := NewKeys(k, Options{Sandbox: o, Lang: l})
		if err != nil {
			return nil, err
		}
		for _, h := range handed {
			if key, err := keys.Of(h); err == nil {
				if e, ok := s.Recall(key); ok {
					known[h.Exercise.Name] = e
				}
			}
		}
	}
	return known, nil
}

// Before names the exercises of these whose attempt passed as it stands, but with another kit or Go, or walled in otherwise.
func (s *Store) Before(handed []attempt.Handed, known map[string]result.Exercise) (names []string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, h := range handed {
		r := s.state.Exercises[h.Exercise.Name]
		if _, ok := known[h.Exercise.Name]; ok || r == nil {
			continue
		}
		own := digest(content(h))
		if slices.ContainsFunc(r.Results, func(e entry) bool { return contentOf(e.Key) == own && e.Exercise.value().Status == result.Pass }) {
			names = append(names, h.Exercise.Name)
		}
	}
	return names
}

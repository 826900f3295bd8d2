package progress

import (
	"maps"
	"slices"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/result"
)

// remembered is how many contents of one exercise are told apart when attempts are counted.
const remembered = 100

// Journey is the way to a pass.
type Journey struct {
	Attempts int       // different contents that got a verdict; what did not compile is none
	Mistakes []Mistake // that were made on the way, in the order of the first time
	Passed   time.Time // the first time; zero: not yet
	On       int       // how many attempts there had been then
}

// Mistake is one that was made.
type Mistake struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"` // the first time

	Verdict savedScenario `json:"scenario"`
}

// Scenario is the verdict of the first time, with its timeline.
func (m Mistake) Scenario() result.Scenario { return m.Verdict.value() }

type passed struct {
	At time.Time `json:"at"`
	On int       `json:"on"`
}

// First is the failed scenario that a learner is shown first: its mistake is the one to think about. Without one ok is false.
func First(e result.Exercise) (s result.Scenario, ok bool) {
	for _, s := range e.Scenarios {
		if s.Mistake != "" {
			return s, true
		}
	}
	return result.Scenario{}, false
}

// journey notes what a verdict says of the way.
func (r *record) journey(key string, e result.Exercise) {
	if e.Status != result.Pass && e.Status != result.Fail {
		return
	}
	now := time.Now().UTC().Truncate(time.Second)
	if content := contentOf(key); !slices.Contains(r.Seen, content) {
		r.Attempts++
		r.Seen = append(r.Seen, content)
		r.Seen = r.Seen[max(0, len(r.Seen)-remembered):]
	}
	if e.Status == result.Pass && r.Passed == nil {
		r.Passed = &passed{now, r.Attempts}
	}
	s, ok := First(e)
	if ok && !slices.ContainsFunc(r.Mistakes, func(m Mistake) bool { return m.Name == s.Mistake }) {
		r.Mistakes = append(r.Mistakes, Mistake{s.Mistake, now, savedOf(s)})
	}
}

// Journey is the way to a pass of one exercise, so far.
func (s *Store) Journey(exercise string) Journey {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	r := s.state.Exercises[exercise]
	if r == nil {
		return Journey{}
	}
	j := Journey{Attempts: r.Attempts, Mistakes: slices.Clone(r.Mistakes)}
	if r.Passed != nil {
		j.Passed, j.On = r.Passed.At, r.Passed.On
	}
	return j
}

// Revealed is how many tiers of the hints for a mistake were seen, 0 to hints.Count.
func (s *Store) Revealed(exercise, mistake string) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r := s.state.Exercises[exercise]; r != nil {
		return min(max(r.Revealed[mistake], 0), hints.Count)
	}
	return 0
}

// Reveal notes that the tiers up to this one were seen. What was seen before stays seen.
func (s *Store) Reveal(exercise, mistake string, tier int) error {
	return s.update(func(now *state) bool {
		r := now.of(exercise)
		if r.Revealed[mistake] >= tier {
			return false
		}
		revealed := maps.Clone(r.Revealed)
		if revealed == nil {
			revealed = map[string]int{}
		}
		revealed[mistake] = min(tier, hints.Count)
		r.Revealed = revealed
		return true
	})
}

// Stubs notes which stubs are begun from, and gives the exercises whose stub has changed since: an untouched one is
// begun from as it is now; of one that was edited before anything was noted, nothing else is known.
func (s *Store) Stubs(handed []attempt.Handed) (changed []kit.Exercise, err error) {
	current := map[string]string{}
	untouched := map[string]bool{}
	for _, h := range handed {
		stub, err := h.Exercise.Stub()
		if err != nil {
			continue // verify tells it
		}
		current[h.Exercise.Name], untouched[h.Exercise.Name] = string(stub), h.Untouched()
		if begun, ok := s.Stub(h.Exercise.Name); ok && begun != string(stub) && !h.Untouched() {
			changed = append(changed, h.Exercise)
		}
	}
	begin := func(now *state, write bool) (any bool) {
		for name, stub := range current {
			r := now.Exercises[name]
			if r == nil || r.Stub == nil || untouched[name] && *r.Stub != stub {
				any = true
				if write {
					now.of(name).Stub = &stub
				}
			}
		}
		return any
	}
	s.mutex.Lock()
	new := begin(&s.state, false)
	s.mutex.Unlock()
	if new {
		err = s.update(func(now *state) bool { return begin(now, true) })
	}
	return changed, err
}

// Stub is the stub that an exercise was begun from, as far as it is known.
func (s *Store) Stub(exercise string) (text string, ok bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r := s.state.Exercises[exercise]; r != nil && r.Stub != nil {
		return *r.Stub, true
	}
	return "", false
}

// Begin notes that the learner's file now stands on this stub.
func (s *Store) Begin(exercise, stub string) error {
	return s.update(func(now *state) bool {
		now.of(exercise).Stub = &stub
		return true
	})
}

// Package progress remembers, in a clone of the kit, what was graded, so that nothing is graded twice: which content of which
// exercise got which verdict, which mistakes were made on the way, which hints were seen, and the stubs that were begun from.
//
// Nothing is declared: what counts is the content (Key), and whatever is lost is derived anew.
package progress

import (
	"path/filepath"
	"sync"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Folder is where the state is kept, below the kit's root. Git ignores it.
const Folder = ".forklings"

// schema names the form of the state. Another one is set aside.
const schema = "forklings/progress/v1"

// keep is how many results of one exercise are remembered: what was undone in an editor is known again.
const keep = 6

// Store is what a clone remembers. Its methods may be called by several goroutines, and by several processes at once.
type Store struct {
	dir  string
	lang lang.Lang

	mutex   sync.Mutex
	state   state
	trouble string // why the last writing failed
}

// state is the file.
type state struct {
	Schema    string             `json:"schema"`
	Exercises map[string]*record `json:"exercises"`
}

// record is what is remembered of one exercise.
type record struct {
	Results  []entry        `json:"results,omitempty"`  // the newest last
	Attempts int            `json:"attempts,omitempty"` // different contents that got a verdict
	Seen     []string       `json:"seen,omitempty"`     // the contents counted last
	Mistakes []Mistake      `json:"mistakes,omitempty"` // each once, in the order of the first time
	Passed   *passed        `json:"passed,omitempty"`   // the first time
	Revealed map[string]int `json:"revealed,omitempty"` // by mistake: tiers seen
	Stub     *string        `json:"stub,omitempty"`     // that was begun from
	Traced   *traced        `json:"traced,omitempty"`
}

func (s *state) of(exercise string) *record {
	if s.Exercises == nil {
		s.Exercises = map[string]*record{}
	}
	r := s.Exercises[exercise]
	if r == nil {
		r = &record{}
		s.Exercises[exercise] = r
	}
	return r
}

// Open reads what the clone at root remembers. notice is "", or one sentence for the learner: the state was damaged or of another
// version and was set aside, and what it said is derived anew; or the folder cannot be written, and nothing new is remembered.
// There is no error: without a memory everything is graded again.
func Open(root string, l lang.Lang) (s *Store, notice string) {
	s = &Store{dir: filepath.Join(root, Folder), lang: l}
	unlock, err := s.lock()
	if err != nil { // what is there can still be read
		s.state, _ = read(s.file())
		s.trouble = s.unwritable(err)
		return s, s.trouble
	}
	defer unlock()
	if s.state, err = read(s.file()); err != nil {
		notice = s.setAside(err)
	}
	return s, notice
}

// Reread takes over what another checker has written meanwhile. Where nothing can be written, what is known here stays.
func (s *Store) Reread() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.trouble != "" {
		return
	}
	if now, err := read(s.file()); err == nil && now.Exercises != nil {
		s.state = now
	}
}

// Trouble is one sentence for the learner when something could not be remembered, such as on a full disk; else "".
func (s *Store) Trouble() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.trouble
}

// update changes the state: the one in the file, which another checker may have written meanwhile. What cannot be written is
// still known to this Store. change reports whether there is anything to write.
func (s *Store) update(change func(*state) bool) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	err := s.rewrite(change)
	s.trouble = ""
	if err != nil {
		change(&s.state)
		s.trouble = s.unwritable(err)
	}
	return err
}

func (s *Store) rewrite(change func(*state) bool) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	now, err := read(s.file())
	if err != nil {
		s.setAside(err)
		now = s.state // what was known before the file was damaged
	}
	if change(&now) {
		if err := write(s.file(), now); err != nil {
			return err
		}
	}
	s.state = now
	return nil
}

// Recall gives the verdict that is remembered for a key.
func (s *Store) Recall(key string) (result.Exercise, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, r := range s.state.Exercises {
		for _, e := range r.Results {
			if e.Key == key && e.Where.here(s.dir) {
				return e.Exercise.value(), true
			}
		}
	}
	return result.Exercise{}, false
}

// Remember keeps a verdict, and what it says of the way to a pass. What decides nothing is not kept: a fault of the machine or the
// kit, a scenario that was undecided at its deadline, an exercise that was not begun. Where only a later scenario was undecided, the
// attempt and the mistake that the learner is told of count all the same.
func (s *Store) Remember(key string, e result.Exercise) error {
	known := decided(e)
	if !known && !failed(e) {
		return nil
	}
	return s.update(func(now *state) bool {
		r := now.of(e.Name)
		if known {
			r.keep(entry{Key: key, Where: bound(s.dir, e), Exercise: saved(e)})
		}
		r.journey(key, e)
		return true
	})
}

// failed reports whether the mistake that a learner is told of was decided.
func failed(e result.Exercise) bool {
	s, ok := First(e)
	return ok && !e.Fault && e.Status == result.Fail && s.Status != result.Timeout && s.Status != result.Error
}

// decided reports whether the same content would get the same verdict again.
func decided(e result.Exercise) bool {
	if e.Fault || e.Status == result.Todo {
		return false
	}
	for _, s := range e.Scenarios {
		if s.Status == result.Timeout || s.Status == result.Error {
			return false
		}
	}
	return true
}

func (r *record) keep(e entry) {
	var kept []entry
	for _, old := range r.Results {
		if old.Key != e.Key {
			kept = append(kept, old)
		}
	}
	kept = append(kept, e)
	r.Results = kept[max(0, len(kept)-keep):]
}

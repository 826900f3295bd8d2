package watch

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/result"
)

// Entry is an exercise as it stands.
type Entry struct {
	kit.Exercise
	Title   string
	About   string // the title's part behind the name
	Chapter string
	Find    kit.Searched     // by which it is found in the list
	Status  result.Status    // of what is saved; "" while that is not known
	Verdict *result.Exercise // the last one; of what is saved only when Status is known
}

// Snapshot is what the engine publishes. Who has one may keep it.
type Snapshot struct {
	Entries  []Entry
	Current  int
	Running  bool // the current one is being graded
	Began    time.Time
	Behind   int           // exercises that are yet to be graded
	Took     time.Duration // from the save to the verdict; 0: it was remembered
	Polling  string        // why files are looked at by the clock
	Saved    int           // an exercise that was saved and is not the current one; -1: none
	Saves    int           // of other exercises than the current one: grows with each
	Fault    string        // why the current one could not be judged
	Trouble  string
	Mistake  string   // that hints are for
	Hints    []string // that were seen of it
	After    string   // of an exercise that passes: what there is to say
	Broken   string   // what ended the engine
	Choices  int      // of another exercise that were heard of
	Verdicts int      // shown so far: grows with each
}

// sum stands for the content of an attempt.
type sum [sha256.Size]byte

// file is what the engine knows of an exercise.
type file struct {
	handed  attempt.Handed
	sum     sum
	seen    time.Time // when this content was found
	verdict *result.Exercise
	of      sum    // what the verdict is of
	fault   string // why this content has none
	first   bool   // the verdict is a pass, and there was none before
}

// run is one grading on its way.
type run struct {
	of     map[int]sum
	never  map[int]bool // those that had never passed before
	began  time.Time
	cancel context.CancelFunc
	stale  bool // it was cancelled
	ended  chan error
}

type verdict struct {
	run *run
	result.Exercise
}

// engine decides what is graded and what counts. All but the published snapshot belongs to its loop.
type engine struct {
	Config
	source  *source
	asks    chan func()
	heard   chan verdict
	changed chan struct{} // there is a new snapshot

	mutex sync.Mutex
	snap  Snapshot

	files    []file
	titles   []Entry
	current  int
	saved    int
	saves    int
	finding  bool // the place in the course is not known yet
	paused   bool
	asked    time.Time // when the current one was chosen, or asked to be graded again
	anew     bool      // what is remembered of it does not count
	run      *run
	took     time.Duration
	verdicts int
	choices  int
}

func newEngine(c Config) *engine {
	e := &engine{Config: c, asks: make(chan func(), 64), heard: make(chan verdict), changed: make(chan struct{}, 1), saved: -1, finding: true}
	chapters, _ := c.Kit.Chapters()
	var dirs []string
	for _, x := range c.Kit.Exercises {
		entry := Entry{Exercise: x}
		entry.Title, _ = x.Title(c.Lang)
		entry.Title = printable(entry.Title)
		entry.About, _ = x.About(c.Lang)
		entry.About = printable(entry.About)
		for _, chapter := range chapters {
			if n := slices.IndexFunc(chapter.Topics, func(t kit.Topic) bool { return t.Name == x.Name }); n >= 0 {
				entry.Chapter = chapter.Title.In(c.Lang)
				entry.Find = chapter.Topics[n].Searched(chapter)
			}
		}
		e.titles = append(e.titles, entry)
		dirs = append(dirs, x.Dir)
	}
	e.files = make([]file, len(dirs))
	if c.Start != "" {
		e.finding = false
		e.current = slices.IndexFunc(c.Kit.Exercises, func(x kit.Exercise) bool { return x.Name == c.Start })
	}
	e.source = newSource(c.Lang, rootOf(c.Kit), dirs)
	return e
}

// do runs f in the loop, where everything may be changed. It does nothing when the loop has ended.
func (e *engine) do(ctx context.Context, f func()) {
	select {
	case e.asks <- f:
	case <-ctx.Done():
	}
}

// Snapshot is the newest.
func (e *engine) Snapshot() Snapshot {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.snap
}

// loop works until ctx is done, and returns with nothing left running.
func (e *engine) loop(ctx context.Context) {
	var watching sync.WaitGroup
	defer watching.Wait()
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer func() {
		if r := recover(); r != nil {
			end()
			e.stop()
			e.mutex.Lock()
			e.snap.Broken = fmt.Sprintf("%v\n%s", r, debug.Stack())
			e.mutex.Unlock()
			e.announce()
		}
	}()
	watching.Go(func() { e.source.run(ctx, e.Poll) })
	for i := range e.files {
		e.look(i)
	}
	e.find()
	for {
		e.next(ctx)
		e.publish()
		var ended chan error
		if e.run != nil {
			ended = e.run.ended
		}
		select {
		case <-ctx.Done():
			e.stop()
			return
		case <-e.source.wake:
			if !e.compare() {
				continue
			}
		case f := <-e.asks:
			f()
		case v := <-e.heard:
			e.hear(v)
		case err := <-ended:
			e.end(err)
		}
	}
}

// compare looks at what may have changed, and reports whether there is anything new to show.
func (e *engine) compare() (news bool) {
	news = e.source.why() != e.snap.Polling
	for i, told := range e.source.take() {
		if !e.look(i) {
			continue
		}
		news = true
		if !told {
			e.source.missed(i)
		}
		if i != e.current {
			e.saved = i
			e.saves++
		}
	}
	return news
}

// look reads an exercise, and reports whether its content has changed.
func (e *engine) look(i int) bool {
	f := &e.files[i]
	h := read(e.Kit, e.titles[i].Exercise)
	s := sumOf(h)
	if s == f.sum {
		return false
	}
	f.handed, f.sum, f.seen, f.fault = h, s, time.Now(), ""
	if f.verdict != nil && f.of == s {
		return true // it was undone meanwhile
	}
	if f.begun() {
		if known, ok := e.Course.Recall(h); ok {
			e.keep(i, s, known)
			e.tookOf(i, 0)
		}
	}
	return true
}

func read(k *kit.Kit, x kit.Exercise) attempt.Handed {
	a, err := attempt.Own(&kit.Kit{Root: k.Root, Exercises: []kit.Exercise{x}})
	if err != nil {
		return attempt.Handed{Exercise: x, Err: err}
	}
	return a.Handed[0]
}

func sumOf(h attempt.Handed) (s sum) {
	d := sha256.New()
	for _, f := range h.Files {
		fmt.Fprintf(d, "%s\x00%d\x00%s", f.Name, len(f.Data), f.Data)
	}
	if h.Err != nil {
		fmt.Fprintf(d, "\x00%v", h.Err)
	}
	d.Sum(s[:0])
	return s
}

func (f *file) begun() bool { return f.handed.Err != nil || !f.handed.Untouched() }
func (f *file) fresh() bool { return f.verdict != nil && f.of == f.sum }
func (f *file) due() bool   { return f.begun() && !f.fresh() && f.fault == "" }

// status of what is saved; "" while that is not known.
func (f *file) status() result.Status {
	switch {
	case !f.begun():
		return result.Todo
	case f.fresh():
		return f.verdict.Status
	}
	return ""
}

func (e *engine) keep(i int, of sum, v result.Exercise) {
	v = cleaned(v)
	e.files[i].verdict, e.files[i].of = &v, of
	e.verdicts++
}

func (e *engine) tookOf(i int, d time.Duration) {
	if i == e.current {
		e.took = d
	}
}

// find goes to the first exercise that has not passed, until that is known to be the place in the course. What has passed for the
// first time just before it, as it was written while nobody looked, is shown instead: its pass is not passed over.
func (e *engine) find() {
	if !e.finding {
		return
	}
	for i := range e.files {
		if s := e.files[i].status(); s != result.Pass {
			e.finding = s == "" && e.files[i].fault == ""
			if !e.finding && i > 0 && e.files[i-1].first {
				i--
			}
			e.choose(i)
			return
		}
	}
	e.finding = false
	e.choose(len(e.files) - 1)
}

func (e *engine) choose(i int) {
	if e.current != i {
		e.took = 0
	}
	if e.saved == i {
		e.saved = -1
	}
	e.current, e.asked, e.anew = i, time.Now(), false
	e.source.look(i)
}

// next starts what is to be graded, or cancels what is not wanted any more.
func (e *engine) next(ctx context.Context) {
	now := &e.files[e.current]
	if r := e.run; r != nil {
		for i, of := range r.of {
			if !e.files[i].fresh() && e.files[i].sum != of {
				r.stop()
			}
		}
		if of, in := r.of[e.current]; now.due() && !e.finding && (!in || of != now.sum || len(r.of) > 1) || e.paused {
			r.stop()
		}
		return
	}
	if e.paused {
		return
	}
	var want []int
	if now.due() {
		want = append(want, e.current)
	}
	if len(want) == 0 || e.finding {
		for i := range e.files {
			if i != e.current && e.files[i].due() {
				want = append(want, i)
			}
		}
	}
	r := &run{of: map[int]sum{}, never: map[int]bool{}, began: time.Now(), ended: make(chan error, 1)}
	var handed []attempt.Handed
	for _, i := range want {
		e.look(i) // what was saved since
		if f := &e.files[i]; f.due() {
			r.of[i] = f.sum
			r.never[i] = !e.Course.Passed(e.titles[i].Name)
			handed = append(handed, f.handed)
		}
	}
	if len(handed) == 0 {
		return
	}
	run, cancel := context.WithCancel(ctx)
	r.cancel = cancel
	e.run = r
	anew := e.anew
	e.anew = false
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v\n%s", p, debug.Stack())
			}
			r.ended <- err
		}()
		err = e.Course.Grade(run, handed, anew, func(v result.Exercise) {
			select {
			case e.heard <- verdict{r, v}:
			case <-run.Done():
			}
		})
	}()
}

func (r *run) stop() {
	if !r.stale {
		r.stale = true
		r.cancel()
	}
}

// hear takes a verdict, which counts for the content that was graded.
func (e *engine) hear(v verdict) {
	for i, of := range v.run.of {
		if e.titles[i].Name == v.Name {
			e.keep(i, of, v.Exercise)
			e.files[i].first = v.Status == result.Pass && v.run.never[i]
			e.look(i)
			if f := &e.files[i]; f.fresh() {
				since := v.run.began
				if len(v.run.of) == 1 {
					since = e.since(f)
				}
				e.tookOf(i, time.Since(since))
			}
		}
	}
	e.find()
}

// since when the learner waits for a verdict of the current exercise.
func (e *engine) since(f *file) time.Time {
	if e.asked.After(f.seen) {
		return e.asked
	}
	return f.seen
}

// end takes the end of a run. What has got no verdict although nobody cancelled it is not graded again before it changes.
func (e *engine) end(err error) {
	r := e.run
	e.run = nil
	r.cancel()
	if r.stale {
		return
	}
	for i, of := range r.of {
		f := &e.files[i]
		if f.sum != of || f.fresh() {
			continue
		}
		f.fault = e.Lang.Text("the checker gave no verdict")
		if err != nil {
			f.fault = printable(e.Lang.Error(err))
		}
	}
	e.find()
}

// stop cancels what runs and waits for its end.
func (e *engine) stop() {
	if e.run == nil {
		return
	}
	e.run.stop()
	for {
		select {
		case <-e.heard:
		case <-e.run.ended:
			e.run = nil
			return
		}
	}
}

package class

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/progress"
	"forklings/checker/result"
	"forklings/checker/sandbox"
)

// read reads all submissions, one after the other, and notes what they hold. It gives how many attempts have a verdict already.
func (c *Class) read(ctx context.Context, submissions []Submission, s *Summary) (known map[string]bool, err error) {
	if err := c.Store.exercises(c.Lang, c.Exercises); err != nil {
		return nil, err
	}
	keys, err := progress.NewKeys(c.Kit, progress.Options{Sandbox: c.Grader.Sandbox, Lang: c.Lang})
	if err != nil {
		return nil, err
	}
	r := reader{c, keys}
	known = map[string]bool{}
	for i, x := range submissions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.tell(Progress{Reading: x.Learner, Read: i, Learners: len(submissions)})
		parts, refused := r.read(ctx, x)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var f fault
		if errors.As(refused, &f) {
			return nil, f.error
		}
		if refused != nil {
			s.Refused++
		}
		if err := c.Store.submission(x, parts, refused); err != nil {
			return nil, err
		}
		known[x.Learner] = true
		s.Learners++
	}
	return known, c.Store.forget()
}

// player builds and plays what has no verdict yet. Attempts are taken in waves, at most one at each exercise, whoever they are of: one
// build makes the programs of a wave, while the one before is played.
type player struct {
	*Class
	summary *Summary
	tried   map[string]int64 // by exercise: the last attempt that was taken
	slots   chan bool
	asked   map[string]bool // learners of this run
	tier    string          // how programs are walled in
	hidden  []string        // what they may not read: what everybody has handed in, and the results

	keeping  sync.Mutex // one verdict at a time: one of them is a learner's last
	mutex    sync.Mutex
	progress Progress
	err      error // the first that ends the run
}

// wave is what is built together.
type wave struct {
	built *grade.Built
	keys  map[string]string // by exercise
	kit   string
	err   error
}

// ahead is how many waves are played at once: the last scenarios of one leave room.
const ahead = 2

func (p *player) start(asked map[string]bool) (err error) {
	p.asked = asked
	if p.tier, err = sandbox.Level(p.Grader.Sandbox); err != nil {
		return err
	}
	jobs, err := grade.Jobs(p.Grader.Jobs)
	if err != nil {
		return err
	}
	p.slots = make(chan bool, jobs)
	p.progress.Read, p.progress.Learners = len(asked), len(asked)
	if p.progress.Attempts, err = p.Store.number("SELECT count(*) FROM attempt WHERE " + counts); err != nil {
		return err
	}
	if p.summary.Known, err = p.Store.number("SELECT count(*) FROM verdict WHERE " + counts + " AND key IN (SELECT key FROM part)"); err != nil {
		return err
	}
	names, err := p.Store.texts("SELECT name FROM learner WHERE name NOT IN (" + waiting + ")")
	if err != nil {
		return err
	}
	for _, name := range names {
		if asked[name] {
			p.progress.Complete++
		}
	}
	all, err := p.Store.number("SELECT count(*) FROM learner")
	p.summary.Elsewhere = all - len(asked)
	p.tell(p.progress)
	return err
}

// play plays wave after wave.
func (p *player) play(ctx context.Context) error {
	version, err := p.Kit.Version()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	waves := make(chan *wave)
	go func() {
		defer close(waves)
		for {
			w, err := p.build(ctx, version)
			if err != nil {
				p.fail(err)
				stop()
			}
			if w == nil || err != nil {
				return
			}
			waves <- w
		}
	}()
	var all sync.WaitGroup
	for range ahead {
		all.Go(func() {
			for w := range waves {
				_, err := w.built.Play(ctx)
				w.built.Close()
				if err != nil {
					p.fail(err)
				}
				if p.failed() != nil {
					stop()
				}
			}
		})
	}
	all.Wait()
	return p.failed()
}

// build builds the next wave; nil when there is none.
func (p *player) build(ctx context.Context, version string) (*wave, error) {
	w := &wave{keys: map[string]string{}, kit: version}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	var handed []attempt.Handed
	for _, e := range p.Exercises {
		id, key, files, err := p.Store.next(e, p.tried[e.Name])
		if err != nil {
			return nil, err
		}
		if id == 0 {
			continue
		}
		p.tried[e.Name], w.keys[e.Name] = id, key
		// Several learners share the attempt: it is named as it stands in a submission, and not by whose it is.
		dir := filepath.Join(here, e.Folder)
		for i, f := range files {
			files[i].Path = filepath.Join(dir, f.Name)
		}
		handed = append(handed, attempt.Handed{Exercise: e, Dir: dir, Files: files})
	}
	if len(handed) == 0 {
		return nil, nil
	}
	g := p.Grader
	g.Kit, g.Lang, g.Share, g.Slots, g.Hidden = p.Kit, p.Lang, nil, p.slots, p.hidden
	g.Done = func(e result.Exercise) { p.done(w, e) }
	w.built, err = g.Build(ctx, handed)
	return w, err
}

// done keeps a verdict.
func (p *player) done(w *wave, e result.Exercise) {
	key := w.keys[e.Name]
	if e.Fault {
		p.fault(key, e)
		return
	}
	p.keeping.Lock()
	defer p.keeping.Unlock()
	err := p.Store.keep(key, w.kit, p.tier, e)
	var completed []Standing
	if err == nil {
		completed, err = p.completed(key)
	}
	if err != nil {
		p.fail(err)
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.progress.Graded++
	p.progress.Complete += len(completed)
	p.progress.Done = completed
	p.tell(p.progress)
}

// completed are the learners of this run whose last verdict this one was.
func (p *player) completed(key string) (all []Standing, err error) {
	names, err := p.Store.completed(key)
	for _, name := range names {
		if !p.asked[name] {
			continue
		}
		l, err := p.Store.line(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Standing{name, l.Score, l.Points})
	}
	return all, err
}

// fault notes what could not be judged.
func (p *player) fault(key string, e result.Exercise) {
	learners, err := p.Store.texts("SELECT learner FROM part WHERE key=? ORDER BY learner", key)
	if err != nil {
		p.fail(err)
		return
	}
	why := e.Message
	for _, s := range e.Scenarios {
		if why == "" && s.Status == result.Error {
			why = s.Name + ": " + s.Because
		}
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.summary.Faults = append(p.summary.Faults, Fault{e.Name, why, learners})
}

func (p *player) fail(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.err == nil {
		p.err = err
	}
}

func (p *player) failed() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.err
}

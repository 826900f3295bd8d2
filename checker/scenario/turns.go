package scenario

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"forklings/checker/explore"
	"forklings/checker/lang"
	"forklings/checker/script"
	"forklings/checker/supervisor"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// turns is what is known of processes that take turns: who waits for its turn, who for a lock, who for a child. It
// learns that from what the tracer tells.
type turns struct {
	stage  *stage
	points bool // sync points are turns, too
	blind  bool // what is done with files takes no turns
	alike  bool // who was started in the same way can stand for each other
	over   bool // nobody waits for a turn any more
	all    []*turner
	byPID  map[int]*turner

	changes  int // that anybody made
	releases int // of locks, as far as can be told
}

// turner is a process that takes turns.
type turner struct {
	pid     int
	at      []trace.Record // the calls that its threads wait at for their turn
	denied  *trace.Record  // the lock that it did not get
	heard   int            // denied: the releases so far
	waits   *trace.Record  // the wait for a child that it is in
	begun   bool           // it has had a turn
	resting bool           // seen asleep in a call that takes no turns
	ended   bool
	dying   bool // killed, and about to end

	own   int             // changes that it made itself
	looks map[string]look // by what it has found in vain
	yield int             // it looks in vain or naps: others first, until they have changed more than that; -1: not
}

// look is how often the same was found since the others have changed something.
type look struct{ others, times int }

func (s *stage) newTurns(e script.Explore) *turns {
	t := &turns{stage: s, points: slices.Contains(e.Gates, "points"), blind: !slices.Contains(e.Gates, "files"), alike: e.Alike, byPID: map[int]*turner{}}
	for _, p := range s.cast {
		if !p.over() {
			t.add(p.pid)
		}
	}
	return t
}

func (t *turns) add(pid int) *turner {
	p := &turner{pid: pid, looks: map[string]look{}, yield: -1}
	t.all, t.byPID[pid] = append(t.all, p), p
	return p
}

// hold reports whether everybody is held at every point.
func (t *turns) hold() bool { return t != nil && t.points && !t.over }

// name is what the process of this number is called.
func (t *turns) name(i int) string {
	if p := t.stage.byPID[t.all[i].pid]; p != nil {
		return p.name
	}
	return t.stage.Lang.Sprintf("process %d", i+1)
}

func (t *turns) parked(tid int) bool {
	return t != nil && slices.ContainsFunc(t.all, func(p *turner) bool {
		return p.denied != nil && thread(*p.denied) == tid || slices.ContainsFunc(p.at, func(r trace.Record) bool { return thread(r) == tid })
	})
}

func thread(r trace.Record) int {
	if r.TID != 0 {
		return r.TID
	}
	return r.PID
}

// told are what the engine itself has recorded.
var told = []trace.Op{trace.Point, trace.Let, trace.Answer, trace.Turn, trace.Named, trace.Sent, trace.Rest}

// hear takes what the tracer tells.
func (t *turns) hear(r trace.Record) {
	if t.over {
		return
	}
	p := t.byPID[r.PID]
	if r.Op == trace.Start && t.byPID[r.Target] == nil {
		t.add(r.Target)
	}
	if p == nil || slices.Contains(told, r.Op) || r.Op == trace.Exit && r.Phase != trace.Parked { // its end follows
		return
	}
	p.resting = false
	switch {
	case r.Phase == trace.Parked:
		p.at = append(p.at, r)
	case r.Phase == trace.Failed:
		p.denied, p.heard = &r, t.releases
	case r.Op == trace.End:
		p.ended, p.at, p.denied, p.waits = true, nil, nil, nil
		p.own++
		t.changes++
		t.releases++
		for _, q := range t.all { // who waits for it is about to wake
			if q.waits != nil && (q.waits.Target <= 0 || q.waits.Target == r.PID) {
				q.waits = nil
			}
		}
	case r.Op == trace.Exec:
		p.at, p.waits = nil, nil
		t.releases++
	case r.Op == trace.Nap:
		p.yield = t.changes - p.own
	case r.Op == trace.Wait && r.Phase == trace.Begins:
		p.waits = &r
	case r.Op == trace.Wait:
		p.waits = nil
	case r.Phase != trace.Begins:
		t.did(p, r)
	}
}

// did notes what a call has changed; one that has changed nothing is a look.
func (t *turns) did(p *turner, r trace.Record) {
	if r.Op == trace.Close || r.Op == trace.Lock && r.Failure == "" {
		t.releases++
	}
	if changes(r) && r.Failure == "" {
		p.own++
		t.changes++
		return
	}
	// Who finds the same again and again although nobody has changed anything spins. To read a file twice is no such thing.
	const often = 9
	key := string(r.Op) + " " + r.Path + " " + r.Failure
	others := t.changes - p.own
	seen := p.looks[key]
	if seen.others != others {
		seen = look{others: others}
	}
	seen.times++
	p.looks[key] = seen
	if seen.times >= often || seen.times > 1 && r.Failure != "" {
		p.yield = others
	}
}

// changes reports whether others can see that the call was made.
func changes(r trace.Record) bool {
	switch r.Op {
	case trace.Open:
		return r.Flags&(unix.O_CREAT|unix.O_TRUNC) != 0
	case trace.Read, trace.Look:
		return false
	}
	return true
}

// settled: nobody moves. Everybody waits for its turn, a lock or a child, rests, or has ended.
func (t *turns) settled() bool {
	return !slices.ContainsFunc(t.all, func(p *turner) bool { return !t.still(p) })
}

func (t *turns) still(p *turner) bool {
	if p.ended || p.dying {
		return p.ended
	}
	return p.resting || len(p.at) > 0 || p.denied != nil || p.waits != nil || len(t.holds(p)) > 0
}

func (t *turns) holds(p *turner) []hold {
	if q := t.stage.byPID[p.pid]; q != nil {
		return q.holds
	}
	return nil
}

// rest notes that who is in none of these states is asleep.
func (t *turns) rest() {
	for _, p := range t.all {
		p.resting = !t.still(p)
	}
}

// could are those who could go on now, and what they would do. Who looks in vain is left out as long as there are others.
func (t *turns) could(before int) (who []int, ops map[int]explore.Op) {
	ops = map[int]explore.Op{}
	var eager []int
	for i, p := range t.all {
		if p.ended || len(p.at) == 0 && len(t.holds(p)) == 0 && (p.denied == nil || p.heard == t.releases) {
			continue
		}
		ops[i] = t.op(p)
		if t.alike && !p.begun && slices.ContainsFunc(t.all[:i], func(q *turner) bool { return !q.begun && t.same(p, q) }) {
			continue // the other one goes first
		}
		who = append(who, i)
		if p.yield < t.changes-p.own {
			p.yield = -1
			eager = append(eager, i)
		}
	}
	if len(eager) > 0 {
		return eager, ops
	}
	if len(who) > 1 { // all look in vain: by turns
		who = slices.DeleteFunc(who, func(i int) bool { return i == before })
		first := slices.IndexFunc(who, func(i int) bool { return i > before })
		who = []int{who[max(first, 0)]}
	}
	return who, ops
}

// same reports whether the two were started in the same way.
func (t *turns) same(p, q *turner) bool {
	a, b := t.stage.byPID[p.pid], t.stage.byPID[q.pid]
	return a != nil && b != nil && a.started && b.started && a.as == b.as
}

func (t *turns) op(p *turner) explore.Op {
	switch {
	case len(p.at) > 0:
		return t.described(p.at[0])
	case p.denied != nil:
		op := t.described(*p.denied)
		op.Again = true
		return op
	}
	return explore.Op{What: "goes on from " + t.holds(p)[0].point, Said: t.stage.Lang.Sprintf("goes on from %s", t.holds(p)[0].point), On: []string{"points"}, Changes: true}
}

// numbers in a path are PIDs, or were drawn by lot.
var numbers = regexp.MustCompile(`[0-9]+`)

// does are the operations' names in an order's checksum, and says what a reader is told.
var does = map[trace.Op]string{
	trace.Open: "opens", trace.Close: "closes", trace.Read: "reads", trace.Write: "writes", trace.Lock: "locks", trace.Rename: "renames",
	trace.Link: "links", trace.Symlink: "links", trace.Unlink: "removes", trace.Truncate: "cuts", trace.Mkdir: "makes", trace.Look: "looks for",
	trace.Kill: "sends a signal", trace.Setpgid: "changes a group", trace.Setsid: "begins a session", trace.Wait: "waits", trace.Exit: "exits",
}

// says are the sentences behind does, with the paths for %s.
var says = map[trace.Op]lang.Words{
	trace.Open: lang.Mark("opens %s"), trace.Close: lang.Mark("closes %s"), trace.Read: lang.Mark("reads %s"), trace.Write: lang.Mark("writes %s"),
	trace.Lock: lang.Mark("locks %s"), trace.Rename: lang.Mark("renames %s to %s"), trace.Link: lang.Mark("links %s as %s"),
	trace.Symlink: lang.Mark("makes %s a link to %s"), trace.Unlink: lang.Mark("removes %s"), trace.Truncate: lang.Mark("cuts %s"),
	trace.Mkdir: lang.Mark("makes %s"), trace.Look: lang.Mark("looks for %s"), trace.Kill: lang.Mark("sends a signal"),
	trace.Setpgid: lang.Mark("changes a group"), trace.Setsid: lang.Mark("begins a session"), trace.Wait: lang.Mark("waits"), trace.Exit: lang.Mark("exits"),
}

func (t *turns) described(r trace.Record) explore.Op {
	op := explore.Op{Changes: changes(r), Steady: t.steady(r), Closes: r.Op == trace.Close, Locks: r.Op == trace.Lock, Takes: r.Blocks()}
	words, sentence := []string{does[r.Op]}, says[r.Op]
	if r.Unlocks() {
		words[0], sentence = "unlocks", lang.Mark("unlocks %s")
	}
	var paths []any
	for _, path := range []string{r.Path, r.To} {
		if path == "" {
			continue
		}
		if rel, err := filepath.Rel(t.stage.Files, path); err == nil && filepath.IsAbs(path) {
			path = rel
		}
		path = numbers.ReplaceAllString(path, "N")
		op.On, words, paths = append(op.On, path), append(words, path), append(paths, path)
	}
	if len(op.On) == 0 {
		op.On, op.Changes = []string{"life"}, true
	}
	op.What = strings.Join(words, " ")
	if op.Said = op.What; strings.Count(sentence.String(), "%s") == len(paths) {
		op.Said = t.stage.Lang.Say(sentence, paths...)
	}
	return op
}

// steady reports whether a file is opened that is there, and stays as it is.
func (t *turns) steady(r trace.Record) bool {
	rel, inside := strings.CutPrefix(r.Path, t.stage.work+"/")
	if r.Op != trace.Open || r.Flags&unix.O_TRUNC != 0 || !inside {
		return false
	}
	var st unix.Stat_t
	return unix.Lstat(filepath.Join(t.stage.seen, rel), &st) == nil
}

// let lets a process take its turn. It reports whether it only asks again for a lock.
func (t *turns) let(i int) (asks bool, err error) {
	p := t.all[i]
	p.begun = true
	for _, q := range t.all {
		q.resting = false // it may be woken
	}
	switch {
	case len(p.at) > 0:
		tid := thread(p.at[0])
		p.at = p.at[1:]
		return false, t.stage.box.Send(supervisor.Request{Op: "go", TID: tid})
	case p.denied != nil:
		tid := thread(*p.denied)
		p.denied = nil
		return true, t.stage.box.Send(supervisor.Request{Op: "go", TID: tid})
	}
	q := t.stage.byPID[p.pid]
	return false, t.stage.release(q.name, q.holds[0].point)
}

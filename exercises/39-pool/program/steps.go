package program

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"forklings/checker/syncpoint"
	"forklings/exercises/39-pool"

	"golang.org/x/sys/unix"
)

// steps is what a parent does with a pool, one step after the other; behind each there is a point. The results have
// the tasks' arguments for their names.
type steps struct {
	me      syncpoint.Role
	pool    *pool.Pool
	results map[string]*pool.Result
	names   []string // in the order in which they were applied
	burst   []*pool.Result
}

func take(me syncpoint.Role, p *pool.Pool, list []string) {
	s := steps{me: me, pool: p, results: map[string]*pool.Result{}}
	for _, step := range list {
		s.do(step)
	}
}

// do takes a step: VERB, VERB:NAME or TASK:NAME.
func (s *steps) do(step string) {
	verb, name, _ := strings.Cut(step, ":")
	switch verb {
	case "get":
		s.get(name)
		s.me.Reach("got-" + name)
	case "get-aside":
		go func() {
			s.get(name)
			s.me.Reach("got-" + name)
		}()
		s.me.Reach("asked-for-" + name)
	case "get-thrice":
		s.getThrice(name)
	case "get-all":
		s.me.Say("results", s.all())
		s.me.Reach("got-all")
	case "fill":
		s.fill()
		s.me.Reach("filled")
	case "burst":
		s.applyBurst()
		s.me.Reach("burst")
	case "get-burst":
		s.me.Say("burst", s.ofBurst())
		s.me.Reach("got-burst")
	case "odd":
		s.me.Say("odd", s.odd())
		s.me.Reach("compared")
	case "close":
		s.pool.Close()
		s.me.Reach("closed")
	case "terminate":
		s.pool.Terminate()
		s.me.Reach("terminated")
	case "join-open":
		s.me.Say("join", verdict(s.pool.Join()))
		s.me.Reach("asked")
	case "join-aside":
		go func() {
			s.join()
			s.me.Reach("joined-aside")
		}()
	case "join":
		s.join()
		s.me.Reach("joined")
	case "run":
		must(ordinary("stranger").Start())
		s.me.Reach("ran")
	case "run-bare":
		must(ordinary().Start())
		s.me.Reach("ran")
	default:
		s.apply(verb, name)
		s.me.Reach("applied-" + name)
	}
}

func (s *steps) apply(task, name string) {
	arg := name
	if task == "heavy" {
		arg = heavy(name)
	}
	r, err := s.pool.Apply(task, arg)
	s.me.Say("apply", verdict(err))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	s.results[name] = r
	s.names = append(s.names, name)
}

func (s *steps) join() {
	err := s.pool.Join()
	s.me.Say("left", children())
	s.me.Say("join", verdict(err))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// children says whether this process has any, zombies included.
func children() string {
	for {
		switch err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err {
		case unix.EINTR:
		case unix.ECHILD:
			return "nobody"
		default:
			return "children"
		}
	}
}

func (s *steps) get(name string) { s.me.Say(name, outcome(name, s.results[name])) }

// getThrice calls Get in two goroutines at once, and then again.
func (s *steps) getThrice(name string) {
	aside := make(chan bool)
	go func() {
		s.get(name)
		s.me.Reach("got-aside")
		close(aside)
	}()
	s.me.Reach("asked-for-" + name) // held here until the other one waits
	s.get(name)
	s.me.Reach("got-" + name)
	<-aside
	s.get(name)
	s.me.Reach("got-again")
}

// all counts what came of the tasks, whose results are asked for in the order in which they were applied.
func (s *steps) all() string {
	count := map[string]int{}
	for _, name := range s.names {
		what, _, _ := strings.Cut(outcome(name, s.results[name]), ":")
		count[what]++
	}
	var said []string
	for what, n := range count {
		said = append(said, fmt.Sprintf("%d %s", n, what))
	}
	slices.Sort(said)
	return strings.Join(said, ", ")
}

// outcome says what Get comes back with.
func outcome(name string, r *pool.Result) string {
	if r == nil {
		return "not applied"
	}
	value, err := r.Get()
	switch {
	case err != nil && strings.Contains(err.Error(), complaint(name)):
		return "its own error"
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return "error"
	case value != answer(name):
		return fmt.Sprintf("wrong: %d bytes: %.40q", len(value), value)
	}
	return "done"
}

// fill applies ten thousand tasks, by four goroutines at once.
func (s *steps) fill() {
	results := make([]*pool.Result, 10000)
	var appliers sync.WaitGroup
	for part := range slices.Chunk(results, len(results)/4) {
		appliers.Go(func() {
			for i := range part {
				var err error
				part[i], err = s.pool.Apply("work", "stray")
				must(err)
			}
		})
	}
	appliers.Wait()
	for i, r := range results {
		name := fmt.Sprint("stray-", i)
		s.results[name] = r
		s.names = append(s.names, name)
	}
}

// applyBurst applies a hundred tasks that count how many of them the worker has had.
func (s *steps) applyBurst() {
	for range 100 {
		r, err := s.pool.Apply("count", "")
		must(err)
		s.burst = append(s.burst, r)
	}
}

// ofBurst says whether one worker has had the tasks, one after the other.
func (s *steps) ofBurst() string {
	count := map[string]int{}
	ordered := true
	for i, r := range s.burst {
		value, err := r.Get()
		if err != nil {
			return err.Error()
		}
		count[value]++
		ordered = ordered && value == fmt.Sprint(i+1)
	}
	switch {
	case count["1"] != 1:
		return "other workers"
	case !ordered:
		return "out of order"
	}
	return "in order"
}

// odd sends odd values there and back, as arguments, as values and as errors, and tells the first that has changed.
func (s *steps) odd() string {
	values := []string{
		"", "\n", " \t blanks around it \r\n ", "one\ntwo\n\nthree", "\x00", "\xff\xfe\x80", `"quoted" \n %s {}`, "späť, 戻る",
		"ok", "nil", "E", "E:", "error", "error: x", "err x", "panic: x", // an answer that is told from an error by its text
		strings.Repeat("0123456789abcdef", 4<<20/16),
	}
	var results []*pool.Result
	for _, v := range values {
		for _, task := range []string{"echo", "complain"} {
			r, err := s.pool.Apply(task, v)
			must(err)
			results = append(results, r)
		}
	}
	for i, v := range values {
		value, err := results[2*i].Get()
		if err != nil || value != answer(v) {
			return fmt.Sprintf("%.40q as a value", v)
		}
		_, err = results[2*i+1].Get()
		if err == nil || !strings.Contains(err.Error(), complaint(v)) {
			return fmt.Sprintf("%.40q as an error", v)
		}
	}
	r, err := s.pool.Apply("complain-of-nothing", "")
	must(err)
	if _, err = r.Get(); err == nil {
		return "an error without a text"
	}
	return "unharmed"
}

func verdict(err error) string {
	if err != nil {
		return "error"
	}
	return "nil"
}

package proc

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Doing is what a thread was seen doing.
type Doing int

const (
	Moving Doing = iota // on a CPU, wants one, or could not be read
	Timed               // asleep, and a timer will wake it
	Asleep              // asleep in a call that only somebody else can end; stopped; or a zombie
)

// Task is one thread as seen in one look.
type Task struct {
	PID, TID int
	State    byte
	Switches uint64 // context switches so far: unchanged means that it has not run
	Doing    Doing
	Call     string        // the call it sleeps in: read, write, wait, futex, ...; "" when it is in none
	Nap      time.Duration // how long the call sleeps at most, when a timer ends it
	Sysmon   bool          // that is the Go runtime's own housekeeping, 20 µs to 10 ms at a time, or a minute
	FD       int           // the first argument of the call: of those about a file, its descriptor
	Awaits   int           // asleep in wait: the child that can wake it, with a minus the process group; 0: any child

	until bool // Nap is the time until a moment, not the length of the call
	known bool // from an earlier look: by its count it has not run since
}

// Look is one look at every thread of the scenario.
type Look struct {
	Processes map[int]Stat
	Tasks     []Task
	Partial   bool // it ended with a thread that moves, and others were not looked at
}

// Excuses are what the engine knows of processes beyond /proc.
type Excuses struct {
	Busy map[int]bool // declared to work without pause: what they do does not count
	// Timer gives the time until a timer of setitimer goes off, which /proc does not show.
	Timer func(pid int) (left time.Duration, running bool)

	// Halted reports whether a thread that is traced was stopped by a signal, or is kept by the tracer: t in /proc is
	// that, or a stop for the tracer, which lets it go on at once. nil: nothing is traced.
	Halted func(pid, tid int) bool

	// Held reports whether a thread is held before a system call, which looks as if it slept in that. nil: none is.
	Held func(tid int) bool

	// Socket gives the timeout that a socket was given for receiving or sending, which /proc does not show
	// either; the name is as in /proc/PID/fd. nil: no socket has one.
	Socket func(name string, sends bool) time.Duration
}

// Still looks twice, and says whether there was a moment between the two at which every thread was asleep.
//
// A thread that is asleep in both looks with the same count of context switches has not run in between:
// one that wakes is runnable at once, and its count goes up before it can sleep again. New processes come
// only from threads that run, so the two looks also name the same threads. No pause between the looks is
// needed for this to be a proof.
func (fs *FS) Still(x Excuses) (Look, bool) {
	if l, ok := fs.glance(x); ok {
		return l, false
	}
	first := fs.look(x)
	if first.Crowded() {
		return first, false
	}
	for _, t := range first.Tasks {
		if t.Doing != Asleep && !x.Busy[t.PID] {
			fs.mover = mover{t.PID, t.TID, glances}
			return first, false
		}
	}
	for pid := range first.Processes {
		if x.Busy[pid] {
			continue
		}
		if left, ok := fs.armed(pid, first.of(pid), x); ok {
			for i := range first.Tasks {
				if t := &first.Tasks[i]; t.PID == pid {
					t.Doing, t.Nap = Timed, left
				}
			}
			return first, false
		}
	}
	return first, fs.unmoved(first, x)
}

// mover is the thread that was last seen moving, and how often it is enough to look at it alone.
type mover struct{ pid, tid, left int }

// glances is how many looks in a row see the mover only, while it goes on moving.
const glances = 3

// glance looks at the mover alone; ok is false when a whole look is needed.
func (fs *FS) glance(x Excuses) (l Look, ok bool) {
	m := &fs.mover
	if m.left == 0 || x.Busy[m.pid] {
		return l, false
	}
	m.left--
	st, ok := fs.Stat(m.pid)
	tasks, alive := fs.tasks(m.pid, []int{m.tid}, x)
	if !ok || !alive || tasks[0].Doing == Asleep {
		return l, false
	}
	known := fs.known[m.pid]
	tasks[0].Sysmon = len(known) > 1 && known[1] == m.tid && tasks[0].Call == "nanosleep"
	return Look{Processes: map[int]Stat{m.pid: st}, Tasks: tasks, Partial: true}, true
}

// Idle reports whether there was a moment at which every thread of one process was asleep, perhaps by a timer.
func (fs *FS) Idle(pid int, x Excuses) bool {
	st, ok := fs.Stat(pid)
	if !ok {
		return false
	}
	tasks := fs.threads(pid, st.Threads, x)
	for _, t := range tasks {
		if t.Doing == Moving {
			return false
		}
	}
	for _, was := range tasks {
		if !fs.sleptOn(was, x) {
			return false
		}
	}
	return len(tasks) > 0
}

// unmoved reports whether nothing has run since the look was taken. Who has not run has started no thread either.
func (fs *FS) unmoved(before Look, x Excuses) bool {
	now := fs.Processes()
	if len(now) != len(before.Processes) {
		return false
	}
	for pid := range before.Processes {
		if _, ok := now[pid]; !ok {
			return false
		}
	}
	for _, was := range before.Tasks {
		if !x.Busy[was.PID] && !fs.sleptOn(was, x) {
			return false
		}
	}
	return true
}

// sleptOn reports whether a thread has not run since it was looked at. Of what was known from an earlier look, the call is read
// only now: the kernel gives it of threads that are off the CPU.
func (fs *FS) sleptOn(was Task, x Excuses) bool {
	if was.known {
		again := Task{PID: was.PID, TID: was.TID, State: was.State}
		if fs.classify(&again, x); again.Doing == Moving {
			return false
		}
	}
	state, switches, ok := fs.status(was.PID, was.TID)
	return ok && was.State == state && was.Switches == switches
}

// Same reports whether two looks saw the same threads, none of which has run between them; busy processes
// do not count.
func (l Look) Same(m Look, busy map[int]bool) bool {
	a, b := l.without(busy), m.without(busy)
	return slices.EqualFunc(a, b, func(t, u Task) bool {
		return t.TID == u.TID && t.State == u.State && t.Switches == u.Switches
	})
}

func (l Look) without(busy map[int]bool) (out []Task) {
	for _, t := range l.Tasks {
		if !busy[t.PID] {
			out = append(out, t)
		}
	}
	return out
}

// Crowd is how many threads are not looked at one by one any more: more are a storm, and there is no time to lose.
const Crowd = 2000

// Crowded reports whether there were too many threads to look at.
func (l Look) Crowded() bool {
	threads := 0
	for _, st := range l.Processes {
		threads += st.Threads
	}
	return threads > Crowd
}

// of gives one process's threads.
func (l Look) of(pid int) (tasks []Task) {
	for _, t := range l.Tasks {
		if t.PID == pid {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// briefLooks is how many looks in a row may end with the first thread that moves. Then one sees what the others do.
const briefLooks = 2

// look gives the processes in a fixed order, since two looks are compared thread by thread. The youngest is looked at first: it is
// the one that is most often on its way.
func (fs *FS) look(x Excuses) (l Look) {
	fs.files.next()
	if l.Processes = fs.Processes(); l.Crowded() {
		return l
	}
	brief := fs.brief < briefLooks
	fs.brief++
	for _, pid := range slices.Backward(slices.Sorted(maps.Keys(l.Processes))) {
		tasks := fs.threads(pid, l.Processes[pid].Threads, x)
		l.Tasks = append(l.Tasks, tasks...)
		if brief && !x.Busy[pid] && slices.ContainsFunc(tasks, func(t Task) bool { return t.Doing != Asleep }) {
			l.Partial = true
			return l
		}
	}
	fs.brief = 0
	slices.SortStableFunc(l.Tasks, func(t, u Task) int { return t.PID - u.PID })
	return l
}

// threads looks at every thread of a process. Their folder is listed anew only when their number has changed or
// one of those known has ended.
func (fs *FS) threads(pid, number int, x Excuses) []Task {
	if known := fs.known[pid]; len(known) == number && number > 0 {
		if tasks, ok := fs.tasks(pid, known, x); ok {
			return tasks
		}
	}
	tasks, _ := fs.tasks(pid, fs.list(pid), x)
	return tasks
}

// tasks looks at these threads; ok is false when one of them has ended.
func (fs *FS) tasks(pid int, tids []int, x Excuses) (tasks []Task, ok bool) {
	ok = true
	for i, tid := range tids {
		t := Task{PID: pid, TID: tid}
		var here bool
		if t.State, t.Switches, here = fs.status(pid, tid); here {
			if was := fs.asleep[tid]; was.PID == pid && was.State == t.State && was.Switches == t.Switches {
				t = was
				t.known = true
			} else {
				fs.classify(&t, x)
				fs.remember(t)
			}
			// The first thread that a Go program makes is the runtime's sysmon. Where the rest is idle, it sleeps for a minute.
			t.Sysmon = i == 1 && (t.Call == "nanosleep" || t.Call == "futex" && t.Nap == time.Minute)
		}
		ok = ok && here
		tasks = append(tasks, t)
	}
	return tasks, ok
}

// remember keeps what a thread sleeps in for as long as it sleeps.
func (fs *FS) remember(t Task) {
	if t.Doing == Asleep && !t.until && (t.State == 'S' || t.State == 'D') {
		fs.asleep[t.TID] = t
	} else {
		delete(fs.asleep, t.TID)
	}
}

func (fs *FS) list(pid int) []int {
	fs.known[pid] = fs.files.numbers(strconv.Itoa(pid)+"/task", false)
	return fs.known[pid]
}

func (fs *FS) task(pid, tid int, name string) string {
	return strconv.Itoa(pid) + "/task/" + strconv.Itoa(tid) + "/" + name
}

// status is read in the file's order: first the state, then the counts. So a thread that slept again
// between the two has already counted that, and one that is still awake will be seen to differ later.
func (fs *FS) status(pid, tid int) (state byte, switches uint64, ok bool) {
	b, err := fs.files.read(fs.task(pid, tid, "status"))
	if err != nil {
		return 0, 0, false
	}
	for line := range bytes.Lines(b) {
		if rest, found := bytes.CutPrefix(line, []byte("State:")); found {
			if rest = bytes.TrimSpace(rest); len(rest) > 0 {
				state = rest[0]
			}
		} else if i := bytes.Index(line, []byte("_ctxt_switches:")); i >= 0 {
			n, _ := strconv.ParseUint(string(bytes.TrimSpace(line[i+15:])), 10, 64)
			switches += n
		}
	}
	return state, switches, state != 0
}

// armed reports whether a timer will soon go off that no thread's call shows, and when: one of setitimer, a
// timerfd, or a POSIX timer. Of the last it cannot be read when: 0. A process that had none of the two has none
// as long as no thread of it has run.
func (fs *FS) armed(pid int, tasks []Task, x Excuses) (left time.Duration, ok bool) {
	if x.Timer != nil {
		if left, ok := x.Timer(pid); ok && left < LongNap {
			return left, true
		}
	}
	if was, ok := fs.timerless[pid]; ok && (Look{Tasks: was}).Same(Look{Tasks: tasks}, nil) {
		return 0, false
	}
	delete(fs.timerless, pid)
	if b, err := fs.once(fmt.Sprintf("%d/timers", pid)); err == nil && len(b) > 0 {
		return 0, true
	}
	none := true
	for n, to := range fs.Descriptors(pid) {
		if to != "anon_inode:[timerfd]" {
			continue
		}
		none = false // others that have it may set it
		b, _ := fs.once(fmt.Sprintf("%d/fdinfo/%d", pid, n))
		_, left, _ := strings.Cut(string(b), "it_value: ")
		var sec, nsec int64
		if n, _ := fmt.Sscanf(left, "(%d, %d)", &sec, &nsec); n != 2 || sec+nsec > 0 && sec < int64(LongNap/time.Second) {
			return time.Duration(sec)*time.Second + time.Duration(nsec), true
		}
	}
	if none {
		fs.timerless[pid] = tasks
	}
	return 0, false
}

package program

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"forklings/checker/syncpoint"
	cpuorio "forklings/exercises/45-cpu-or-io"

	"golang.org/x/sys/unix"
)

// work is some pieces, and what the kernel and they themselves tell about them.
type work struct {
	me     syncpoint.Role
	way    cpuorio.Way
	pieces []cpuorio.Piece
	times  int // that each is run
	cpus   string
	procs  int
	asked  time.Duration
	took   time.Duration
	self   time.Duration // the process's CPU time: at first the time before
	waited time.Duration // that of the children waited for
	user   time.Duration // of that, in user mode
	mutex  sync.Mutex
	notes  []did // in this process
	shared bool
	fewer  bool // CPUs than there were

	strangers spent
}

// atFirst is how many threads of Go there may be at a time, as it is or as this program has set it.
var atFirst = runtime.GOMAXPROCS(0)

// earlier is the number of a piece whose notes are not to be mixed with those of others.
const earlier = 100

// spent is CPU time that is not the pieces'.
type spent struct{ self, children, user time.Duration }

func newWork(me syncpoint.Role, way cpuorio.Way, kinds []string) *work {
	w := &work{me: me, way: way, times: 1, cpus: allowed(), procs: atFirst, asked: now()}
	for i, kind := range kinds {
		if kind == "earlier" || kind == "second" || kind == "stumble" {
			i += earlier
		}
		args := []string{kind, strconv.Itoa(i), strconv.FormatInt(int64(w.asked), 10)}
		if kind == "impossible" {
			args[0] = "\x00" // which no argument can hold
		}
		w.pieces = append(w.pieces, cpuorio.Piece{Args: args, Do: func() { w.do(i, kind) }})
	}
	return w
}

func (w *work) begin() {
	settle()
	w.asked = now()
	children := rusage(unix.RUSAGE_CHILDREN)
	w.self, w.waited, w.user = both(rusage(unix.RUSAGE_SELF)), both(children), time.Duration(children.Utime.Nano())
}

func (w *work) end() {
	w.took = now() - w.asked
	settle()
	children := rusage(unix.RUSAGE_CHILDREN)
	w.self, w.waited = both(rusage(unix.RUSAGE_SELF))-w.self, both(children)-w.waited
	w.user = time.Duration(children.Utime.Nano()) - w.user
}

// settle brings the figures of all threads up to date. Of a thread that runs, they are as old as the last tick; to read
// its clock changes that.
func settle() {
	tasks, err := os.ReadDir("/proc/self/task")
	must(err)
	for _, task := range tasks {
		var t unix.Timespec
		unix.ClockGettime(int32(^number(task.Name())<<3|6), &t) // pthread_getcpuclockid(3); it may have ended
	}
}

func rusage(who int) (r unix.Rusage) {
	must(unix.Getrusage(who, &r))
	return r
}

// both is user and system time.
func both(r unix.Rusage) time.Duration { return time.Duration(r.Utime.Nano() + r.Stime.Nano()) }

// do does a piece here.
func (w *work) do(i int, kind string) {
	d := did{begun: now()}
	before, cpu := rusage(unix.RUSAGE_THREAD), threadCPU()
	if !slices.Contains(quiet, kind) {
		w.me.Reach("begun-" + strconv.Itoa(i+1))
	}
	taken := shared()
	asked := w.asked
	if w.way == cpuorio.Serial {
		asked = d.begun
	}
	doPiece(kind, d.begun, asked, w.self)
	d.cpus = allowed()
	d.cpu, d.ended = threadCPU()-cpu, now()
	after := rusage(unix.RUSAGE_THREAD)
	d.user = time.Duration(after.Utime.Nano() - before.Utime.Nano())
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.notes = append(w.notes, d)
	w.shared = w.shared || taken
	w.fewer = w.fewer || runtime.GOMAXPROCS(0) != w.procs
}

// tell says what is true of the cost.
func (w *work) tell(cost cpuorio.Cost, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	notes := slices.Clone(w.notes)
	w.me.Say("here", len(notes))
	for i := range w.pieces {
		notes = append(notes, read(i)...)
	}
	w.me.Say("runs", len(notes))
	w.me.Say("thread", map[bool]string{true: "shared", false: "own"}[w.shared])
	w.me.Say("result", verdict(err))

	n, all := time.Duration(w.times), time.Duration(len(notes))
	if all == 0 {
		return
	}
	slices.SortFunc(notes, func(a, b did) int { return int(a.begun - b.begun) })
	var cpu, user, last, alone time.Duration
	apart := true
	for _, d := range notes {
		cpu += d.cpu
		user += d.user
		alone += d.ended - d.begun
		apart = apart && d.begun >= last
		last = max(last, d.ended)
		w.fewer = w.fewer || d.cpus != w.cpus
	}
	w.fewer = w.fewer || runtime.GOMAXPROCS(0) != w.procs // afterwards
	w.me.Say("cpus", map[bool]string{true: "fewer", false: "all"}[w.fewer])
	w.me.Say("one-by-one", apart)
	w.me.Say("met", meeting.seen.Load())

	least, most := last-notes[0].begun, w.took
	if w.times > 1 {
		least = alone // what lies between the runs is nobody's
	}
	const exact = time.Millisecond
	wall := "true"
	switch {
	case cost.Wall*n < least-exact:
		wall = "short"
	case cost.Wall*n > most+n*exact:
		wall = "long"
	}
	w.me.Say("wall", wall)

	upper := w.self - w.strangers.self
	if w.way == cpuorio.Processes {
		upper, user = w.waited-w.strangers.children, w.user-w.strangers.user
	}
	used := "true"
	if low, high := cpu-all*exact, upper+all*exact; cost.CPU*n < low || cost.CPU*n > high {
		off := (cost.CPU*n - user).Abs()
		switch {
		case cost.CPU > 0 && coarse(cost.CPU*n) && w.rounds():
			used = "coarse"
		case w.way == cpuorio.Processes && n == 1 && off < all*exact/3 && off < (cost.CPU-w.self).Abs():
			used = "user"
		case w.way == cpuorio.Processes && n == 1 && cost.CPU > all*exact/30 && (cost.CPU-w.self).Abs() < all*exact:
			used = "parent"
		case cost.CPU*n > high && cost.CPU*n > least-exact:
			used = "wall"
		case cost.CPU*n > high:
			used = "much"
		case cost.CPU*n < all*exact/30 && off > all*exact/100: // the user time may be nothing, too
			used = "none"
		case off < all*exact/3:
			used = "user"
		default:
			used = "little"
		}
	}
	w.me.Say("cpu", used)
	w.me.Say("believes", err == nil && used != "true")
	fmt.Fprintln(os.Stderr, "wall", cost.Wall, "between", least/n, most/n, "cpu", cost.CPU, "between", cpu/n, upper/n, "user", user/n)
}

// second says what is true of the CPU time of one more piece, whatever others use. That of a child goes on after its note.
func (w *work) second(cost cpuorio.Cost) string {
	least, more := secondWork, 2*time.Millisecond
	for _, d := range w.notes {
		least = d.cpu
	}
	if w.way == cpuorio.Processes {
		for _, d := range read(earlier) {
			least, more = d.cpu, time.Hour
		}
	}
	switch {
	case cost.CPU >= least-time.Millisecond && cost.CPU <= least+more:
		return "true"
	case cost.CPU > 0 && coarse(cost.CPU):
		return "coarse"
	}
	return "false"
}

// rounds reports whether the cost of one more piece is a whole number of milliseconds, too. By chance one of a thousand is that
// comes in microseconds (getrusage(2)).
func (w *work) rounds() bool {
	cost, err := cpuorio.Run(w.way, newWork("second", w.way, []string{"second"}).pieces...)
	return err == nil && cost.CPU > 0 && coarse(cost.CPU)
}

// coarse reports whether this is a whole number of milliseconds, as no measured time is, unless it was rounded.
func coarse(cpu time.Duration) bool { return cpu%time.Millisecond == 0 }

// read reads what a piece has noted in a child, in each of its runs.
func read(i int) (notes []did) {
	text, err := os.ReadFile(note(i))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		must(err)
	}
	for line := range strings.Lines(string(text)) {
		var d did
		_, err := fmt.Sscan(line, &d.begun, &d.ended, &d.cpu, &d.cpus)
		must(err)
		notes = append(notes, d)
	}
	return notes
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

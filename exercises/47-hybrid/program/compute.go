package program

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"forklings/checker/syncpoint"
	hybrid "forklings/exercises/47-hybrid"

	"golang.org/x/sys/unix"
)

// board is the memory that four computing jobs share, two in each of two processes.
type board struct {
	cpus      atomic.Int64 // that the caller may use at once
	arrived   atomic.Int64
	threads   atomic.Bool // two jobs of one process have run at one moment
	processes atomic.Bool // two jobs of two processes have
	runs      [4]struct{ began, last atomic.Int64 }
}

const boardFile = ".kit/board"

// openBoard maps it; the file stays as long as the scenario.
func openBoard() *board {
	must(os.MkdirAll(".kit", 0o755))
	file, err := os.OpenFile(boardFile, os.O_RDWR|os.O_CREATE, 0o600)
	must(err)
	defer file.Close()
	size := int(unsafe.Sizeof(board{}))
	must(file.Truncate(int64(size)))
	memory, err := unix.Mmap(int(file.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	return (*board)(unsafe.Pointer(&memory[0]))
}

// compute has four jobs compute, and says what the kernel tells of that.
func compute(me syncpoint.Role) {
	b := openBoard()
	b.cpus.Store(int64(cpus()))
	jobs := make([]hybrid.Job, 4)
	for i := range jobs {
		jobs[i] = hybrid.Job{Task: "compute", Input: strconv.Itoa(i)}
	}
	own, children := used(unix.RUSAGE_SELF), used(unix.RUSAGE_CHILDREN)
	results := hybrid.Run(2, 2, jobs...)
	own, children = used(unix.RUSAGE_SELF)-own, used(unix.RUSAGE_CHILDREN)-children

	var worked time.Duration
	narrowed := false
	for _, r := range results {
		took, where, _ := strings.Cut(r.Value, " ")
		d, err := time.ParseDuration(took)
		must(err)
		worked += d
		narrowed = narrowed || where != "everywhere"
	}
	me.Say("computed-in", map[bool]string{true: "children", false: "nobody that was waited for"}[children >= worked])
	me.Say("cpus", map[bool]string{true: "fewer", false: "all"}[narrowed])
	me.Say("several-cpus", b.cpus.Load() > 1)
	me.Say("threads", parallel(&b.threads))
	me.Say("processes", parallel(&b.processes))
	fmt.Fprintf(os.Stderr, "the jobs have used %v, all children %v, the caller %v\n", worked, children, own)
}

func parallel(seen *atomic.Bool) string {
	if seen.Load() {
		return "parallel"
	}
	return "not seen"
}

// crunch computes until two jobs of each kind have been seen to run at one moment, at most for a while. It tells the CPU time
// that its thread has used, and whether it may use the CPUs that the caller may use.
//
// It notes when it was last seen running, and since when without a gap: on one CPU the gap of the one is the run of the
// other, so runs that overlap are on two.
func crunch(input string) string {
	b, me := openBoard(), int(input[0]-'0')
	where := "everywhere"
	if int64(min(cpus(), 2)) < min(b.cpus.Load(), 2) {
		where = "narrowed"
	}
	b.arrived.Add(1)
	began := time.Now()
	for b.arrived.Load() < 4 && time.Since(began) < enough {
		runtime.Gosched()
	}
	mine := &b.runs[me]
	for last := int64(0); !(b.threads.Load() && b.processes.Load()) && time.Since(began) < enough; {
		now := monotonic()
		if now-last > gap {
			mine.began.Store(now)
		}
		last = now
		mine.last.Store(now)
		for other := range b.runs {
			theirs := &b.runs[other]
			since, until := theirs.began.Load(), theirs.last.Load()
			switch {
			case other == me || theirs.began.Load() != since: // it has begun anew between the two
			case until-max(since, mine.began.Load()) < overlap:
			case other%2 == me%2:
				b.threads.Store(true)
			default:
				b.processes.Store(true)
			}
		}
	}
	return fmt.Sprint(usedByThread(), " ", where)
}

const (
	enough  = 150 * time.Millisecond
	gap     = int64(50 * time.Microsecond)
	overlap = int64(2 * time.Millisecond)
)

// cpus is how many this thread may use, and this program at once.
func cpus() int {
	var allowed unix.CPUSet
	must(unix.SchedGetaffinity(0, &allowed))
	return min(allowed.Count(), runtime.GOMAXPROCS(0))
}

// narrow leaves this thread, and the program that it executes, one CPU.
func narrow() {
	var allowed, one unix.CPUSet
	must(unix.SchedGetaffinity(0, &allowed))
	cpu := 0
	for !allowed.IsSet(cpu) {
		cpu++
	}
	one.Set(cpu)
	must(unix.SchedSetaffinity(0, &one))
}

func used(who int) time.Duration {
	var usage unix.Rusage
	must(unix.Getrusage(who, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// usedByThread is what this thread has used, in whole milliseconds, rounded down: the kernel's two accounts differ a little.
func usedByThread() time.Duration {
	var t unix.Timespec
	must(unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t))
	return time.Duration(t.Nano()).Truncate(time.Millisecond)
}

func monotonic() int64 {
	var t unix.Timespec
	must(unix.ClockGettime(unix.CLOCK_MONOTONIC, &t))
	return t.Nano()
}

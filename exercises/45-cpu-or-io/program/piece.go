package program

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// CPU time that somebody uses, by the kernel's count.
const (
	pieceWork     = 8 * time.Millisecond
	childWork     = 16 * time.Millisecond // more than to start some children costs the parent
	kernelWork    = 24 * time.Millisecond // long enough for the ticks by which the kernel tells user from system time
	strangersWork = 8 * time.Millisecond
	earlierWork   = 4 * time.Millisecond
	ownWork       = 40 * time.Millisecond   // the parent's, beside its children: by no chance the same as theirs
	secondWork    = 2600 * time.Microsecond // off from what is rounded to 4, 5 or 10 ms
	pairLimit     = 60 * time.Millisecond
	tableWork     = 100 * time.Millisecond
)

// did is what a piece has noted about itself.
type did struct {
	begun, ended time.Duration // by the monotonic clock, which all processes share
	cpu          time.Duration // that it used up to its end
	user         time.Duration // of that, in user mode; unknown in a child
	cpus         string        // that it may use
}

// quiet are the kinds of pieces that nobody holds.
var quiet = []string{"earlier", "second", "crowd", "long", "sleep", "stumble", "chatty"}

// piece is one in a child.
func piece(me syncpoint.Role) {
	d := did{begun: now(), cpus: allowed()}
	if !slices.Contains(quiet, string(me)) {
		me.Reach("begun")
	}
	asked, _ := strconv.ParseInt(os.Args[3], 10, 64)
	doPiece(string(me), d.begun, time.Duration(asked), 0)
	if me == "spin" {
		burn(childWork - pieceWork)
	}
	d.ended, d.cpu = now(), clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	file, err := os.OpenFile(note(number(os.Args[2])), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	must(err)
	_, err = fmt.Fprintln(file, int64(d.begun), int64(d.ended), int64(d.cpu), d.cpus)
	must(err)
	if me == "fail" || me == "stumble" && len(read(number(os.Args[2]))) == 1 { // which fails the first time only
		os.Exit(3)
	}
}

// doPiece is what a piece of this kind does. CPU time before it began is not its own.
func doPiece(kind string, begun, asked, before time.Duration) {
	switch kind {
	case "wait": // for whoever releases it, and long enough to be told from work, whatever the machine does meanwhile
		cpu := clock(unix.CLOCK_PROCESS_CPUTIME_ID) - before
		nap(max(cpu+45*time.Millisecond, 2*(begun-asked)+30*time.Millisecond) - (now() - begun))
	case "spin":
		burn(pieceWork)
	case "kernel":
		burnInKernel(kernelWork)
	case "nothing":
		nap(8 * time.Millisecond)
	case "long":
		burn(tableWork)
	case "sleep":
		nap(tableWork)
	case "earlier":
		burn(earlierWork)
	case "second":
		burn(secondWork)
	case "crowd":
		waitForCrowd()
	case "orphan":
		heir := command("heir")
		heir.Stdout, heir.Stderr = os.Stdout, os.Stderr // which it keeps when this piece has ended
		must(heir.Start())
	case "chatty": // more than a pipe holds
		fmt.Print(strings.Repeat("so much to say, so little time to say it\n", 4000))
	case "pair":
		meet()
	}
}

// note is the file in which a piece in a child leaves what it did.
func note(i int) string { return kitFile("piece-" + strconv.Itoa(i)) }

func kitFile(name string) string {
	exe, err := os.Executable()
	must(err)
	dir := filepath.Join(filepath.Dir(exe), syncpoint.Work, ".kit")
	must(os.MkdirAll(dir, 0o755))
	return filepath.Join(dir, name)
}

// burn uses so much of this thread's CPU time, in user mode.
func burn(much time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for end := threadCPU() + much; threadCPU() < end; {
		for range 100_000 {
		}
	}
}

// burnInKernel does the same in system calls.
func burnInKernel(much time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	zero, err := unix.Open("/dev/zero", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	must(err)
	defer unix.Close(zero)
	buffer := make([]byte, 4<<20)
	for end := threadCPU() + much; threadCPU() < end; {
		unix.Read(zero, buffer)
	}
}

// meeting is what the two pieces of a pair see of each other.
var meeting struct {
	turn [2]atomic.Uint64 // grows while the one works
	next atomic.Int32
	seen atomic.Bool // one has seen the other work while it was not off its own CPU for a moment
}

// meet works until two threads have been seen at work at one moment, or for so long.
func meet() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	i := int(meeting.next.Add(1)-1) % 2
	for end := threadCPU() + pairLimit; !meeting.seen.Load() && threadCPU() < end; {
		switches, other := switched(), meeting.turn[1-i].Load()
		for range 1000 {
			meeting.turn[i].Add(1)
		}
		if meeting.turn[1-i].Load() > other && switched() == switches {
			meeting.seen.Store(true)
		}
	}
}

// switched counts how often this thread has left a CPU.
func switched() int64 {
	r := rusage(unix.RUSAGE_THREAD)
	return r.Nvcsw + r.Nivcsw
}

// shared reports whether others get this goroutine's thread while it waits: never, if it is locked to it.
func shared() bool {
	const tries = 50
	thread := unix.Gettid()
	for range tries {
		got := make(chan int)
		go func() { got <- unix.Gettid() }()
		if <-got == thread || unix.Gettid() != thread {
			return true
		}
	}
	return false
}

// allowed is the CPUs that this thread may use.
func allowed() string {
	var set unix.CPUSet
	must(unix.SchedGetaffinity(0, &set))
	text := ""
	for _, word := range set {
		text += fmt.Sprintf("%x.", uint64(word))
	}
	return text
}

func now() time.Duration       { return clock(unix.CLOCK_MONOTONIC) }
func threadCPU() time.Duration { return clock(unix.CLOCK_THREAD_CPUTIME_ID) }

func clock(id int32) time.Duration {
	var t unix.Timespec
	must(unix.ClockGettime(id, &t))
	return time.Duration(t.Nano())
}

// nap blocks this thread for so long.
func nap(long time.Duration) {
	for end := now() + long; now() < end; {
		left := unix.NsecToTimespec(int64(end - now()))
		unix.Nanosleep(&left, nil)
	}
}

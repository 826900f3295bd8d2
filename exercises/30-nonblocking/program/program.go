// Package program is what the scenarios of nonblocking run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/30-nonblocking"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		reader KINDS STEP...
		writer KIND STEP...
		tracer PID drain|fill
		keeper KIND
		client NAME`)
	switch me {
	case "reader": // KINDS STEP...
		arrange.Traceable()
		sources := open(strings.Split(os.Args[2], ","))
		me.Reach("ready")
		for _, step := range os.Args[3:] {
			me.Reach(readStep(me, sources, step))
		}

	case "writer": // KIND STEP...
		arrange.Traceable()
		writeSteps(me, makeSource(os.Args[2]), os.Args[3:])

	case "server":
		serve(me)

	case "beside":
		beside(me)

	case "client":
		visit(me)

	case "tracer":
		trace(me)

	case "keeper": // KIND
		keep(me, os.Args[2])

	case "many":
		many(me)

	case "pestered":
		pester(me)

	default:
		if strings.HasPrefix(string(me), "feeder") {
			feed(me)
			return
		}
		fmt.Fprintf(os.Stderr, "nonblocking: no role %q\n", me)
		os.Exit(125)
	}
}

// readStep does one step, WORD:ARGUMENT, mostly with the first source. The point behind it is called like the word, or
// like what stands before it, POINT=WORD:ARGUMENT.
func readStep(me syncpoint.Role, sources []*source, step string) (point string) {
	point, step, named := strings.Cut(step, "=")
	if !named {
		step = point
	}
	word, argument, _ := strings.Cut(step, ":")
	if !named {
		point = word
	}
	f := sources[0].in
	switch word {
	case "read", "second": // with room for so many bytes
		if word == "second" {
			f = sources[1].in
		}
		b := make([]byte, number(argument))
		n, err := nonblocking.TryRead(f, b)
		tell(me, f, b, n, err)

	case "read-often": // while nothing is there
		b := make([]byte, 16)
		var n int
		var err error
		before := now()
		me.Say("slept", sleeps(func() { n, err = nonblocking.TryRead(f, b) }))
		tellKept(me, before)
		tell(me, f, b, n, err)

	case "within": // a limit
		limit, err := time.ParseDuration(argument)
		must(err)
		b := make([]byte, 16)
		began := time.Now()
		n, err := nonblocking.ReadWithin(f, b, limit)
		me.Say("early", errors.Is(err, os.ErrDeadlineExceeded) && time.Since(began) < limit)
		tell(me, f, b, n, err)

	case "within-often": // without time to wait, or a moment only, while nothing is there; until another answer comes
		b := make([]byte, 16)
		before := now()
		for i := range 30 {
			n, err := nonblocking.ReadWithin(f, b, time.Duration(i/9-1)*time.Millisecond)
			tell(me, f, b, n, err)
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
		}
		tellKept(me, before)

	case "interrupt": // from here on
		me.Interrupt("interrupting")

	case "wait": // for all sources
		var all []syscall.Conn
		for _, s := range sources {
			all = append(all, s.in)
		}
		ready, err := nonblocking.WaitAny(all...)
		me.Say("ready", numbers(ready))
		me.Say("error", name(err))

	case "wait-often": // while something is there
		before := now()
		for range 30 {
			nonblocking.WaitAny(f)
		}
		tellKept(me, before)

	case "plain", "plain-later": // as everybody reads: the file's own deadline and mode count
		if word == "plain-later" {
			collect()
		}
		b := make([]byte, 16)
		n, err := f.Read(b)
		tell(me, f, b, n, err)

	case "mode":
		me.Say("mode", mode(sources[0].fd))

	default:
		must(fmt.Errorf("no step %q", word))
	}
	return point
}

// collect returns when files that nobody can reach any more have been closed. Without a limit of its memory the Go runtime
// gives none back to the kernel afterwards, between naps, which would look like polling.
func collect() {
	debug.SetMemoryLimit(math.MaxInt64)
	for range 2 {
		closed := make(chan bool, 2)
		runtime.AddCleanup(new([64]byte), func(int) { closed <- true }, 0)
		runtime.SetFinalizer(new([64]byte), func(*[64]byte) { closed <- true })
		for len(closed) < cap(closed) {
			runtime.GC()
			for i := 0; i < 100000 && len(closed) < cap(closed); i++ {
				runtime.Gosched()
			}
		}
	}
}

// tell says what a read has brought, and its error, and how many bytes are left.
func tell(me syncpoint.Role, f *os.File, b []byte, n int, err error) {
	switch {
	case n < 0 || n > len(b):
		me.Say("got", fmt.Sprintf("%d bytes of %d", n, len(b)))
	case n == 0:
		me.Say("got", "nothing")
	default:
		me.Say("got", strings.TrimSuffix(string(b[:n]), "\n"))
	}
	left, _ := unix.IoctlGetInt(descriptor(f), unix.TIOCINQ)
	me.Say("left", left)
	me.Say("error", name(err))
	if err != nil && name(err) == "other" {
		fmt.Fprintln(os.Stderr, err)
	}
}

// name is what the scenarios call the error.
func name(err error) string {
	switch {
	case err == nil:
		return "none"
	case errors.Is(err, nonblocking.ErrWouldBlock):
		return "would-block"
	case errors.Is(err, io.EOF):
		return "end"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "deadline"
	}
	return "other"
}

// sleeps makes a call many times, and tells whether that puts its thread to sleep in most of them, as the kernel counts it: by
// its voluntary context switches (proc_pid_status(5)). The Go runtime may do that now and then, but not in most calls; and a
// short sleep may be over before it begins, but not in many.
func sleeps(call func()) string {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	awake := 0
	for range 50 {
		before := status("voluntary_ctxt_switches:")
		call()
		if status("voluntary_ctxt_switches:") == before {
			awake++
		}
	}
	if status("TracerPid:") != 0 {
		return "unknown" // at every stop for the tracer
	}
	return strconv.FormatBool(awake < 10)
}

// held is what a process has: descriptors, and goroutines.
type held struct{ descriptors, goroutines int }

func now() held { return held{descriptors(), runtime.NumGoroutine()} }

// tellKept says whether so many calls have left descriptors open, or goroutines behind. The Go runtime may have opened a few
// descriptors for itself, and a goroutine that is over may need a moment for its end.
func tellKept(me syncpoint.Role, before held) {
	for range 1000 {
		if now := runtime.NumGoroutine(); now <= before.goroutines+10 {
			break
		}
		runtime.Gosched()
	}
	switch after := now(); {
	case after.goroutines > before.goroutines+10:
		me.Say("kept", "goroutines")
	case after.descriptors > before.descriptors+10:
		me.Say("kept", "descriptors")
	default:
		me.Say("kept", "nothing")
	}
}

func descriptors() int {
	list, err := os.ReadDir("/proc/self/fd")
	must(err)
	return len(list)
}

// status is a number in this thread's status.
func status(field string) int {
	text, err := os.ReadFile("/proc/thread-self/status")
	must(err)
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, field); found {
			return number(strings.TrimSpace(value))
		}
	}
	must(fmt.Errorf("no %s in the thread's status", field))
	return 0
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	must(err)
	return n
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

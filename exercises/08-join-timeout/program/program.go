// Package program is what the scenarios of join-timeout run: kit code around the learner's functions.
package program

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/08-join-timeout"

	"golang.org/x/sys/unix"
)

const (
	long  = time.Duration(math.MaxInt64) // never passes
	short = 50900 * time.Microsecond     // passes while the child is held, and is no whole number of anything
	tiny  = time.Microsecond
	many  = 12 // children of ask-many
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("quick STATUS")
	switch me {
	case "child":
		me.Reach("held")
		os.Exit(7)

	case "first":
		me.Reach("held")
		os.Exit(1)

	case "second":
		me.Reach("held")
		os.Exit(255)

	case "quick":
		me.Reach("leaving")
		status, err := strconv.Atoi(os.Args[2])
		must(err)
		os.Exit(status)

	case "join-long":
		child := start(me)
		me.Interrupt("interrupting")
		tell(me, child, long)
		me.Reach("answered")

	case "join-short":
		child := start(me)
		tell(me, child, short)
		me.Reach("answered")
		tell(me, child, long)
		me.Reach("joined")

	case "join-short-then-join":
		child := start(me)
		tell(me, child, short)
		me.Reach("answered")
		must(child.Join())
		me.Say("code", child.ExitCode())
		me.Reach("joined")

	case "join-twice":
		child := start(me)
		tell(me, child, long)
		me.Reach("answered")
		tell(me, child, long)
		me.Reach("answered-again")
		must(child.Join())
		me.Say("code", child.ExitCode())
		me.Reach("joined")

	case "ask":
		child := start(me)
		for range 30 {
			if ended, _ := tell(me, child, 0); ended {
				break
			}
		}
		me.Reach("asked-zero")
		tell(me, child, -time.Second)
		me.Reach("asked-below-zero")
		tell(me, child, 0)
		me.Reach("asked-stopped")
		again := func(limit time.Duration) { // every question gets the same answer
			for range 10 {
				if ended, _ := tell(me, child, limit); !ended {
					break
				}
			}
		}
		again(0)
		me.Reach("asked-zero-again")
		again(-1)
		me.Reach("asked-below-zero-again")

	case "ask-many":
		askMany(me)

	case "join-beside":
		joinBeside(me)

	case "join-two":
		joinTwo(me)

	case "join-often":
		joinOften(me)

	case "start-unstartable": // an argument has at most 32 pages (execve(2))
		child := jointimeout.New("child", strings.Repeat("x", 32*os.Getpagesize()))
		if err := child.Start(); err == nil {
			me.Reach("start-accepted")
		}
		me.Reach("start-refused")
		if _, err := child.JoinTimeout(long); err == nil {
			me.Reach("accepted")
		}
		if _, err := child.JoinTimeout(0); err == nil {
			me.Reach("zero-accepted")
		}
		me.Reach("refused")
		if err := child.Join(); err == nil {
			me.Reach("join-accepted")
		}
		me.Reach("join-refused")

	case "join-before-start":
		child := jointimeout.New("child")
		me.Say("code", child.ExitCode())
		me.Reach("described")
		if _, err := child.JoinTimeout(long); err == nil {
			me.Reach("accepted")
		}
		if _, err := child.JoinTimeout(0); err == nil {
			me.Reach("zero-accepted")
		}
		if _, err := child.JoinTimeout(-time.Second); err == nil {
			me.Reach("below-zero-accepted")
		}
		me.Reach("refused")
		if err := child.Join(); err == nil {
			me.Reach("join-accepted")
		}
		me.Reach("join-refused")
		must(child.Start())
		me.Reach("started")
		tell(me, child, long)
		me.Reach("joined")

	default:
		fmt.Fprintf(os.Stderr, "join-timeout: no role %q\n", me)
		os.Exit(125)
	}
}

func start(me syncpoint.Role) *jointimeout.Process {
	child := jointimeout.New("child")
	must(child.Start())
	me.Reach("started")
	return child
}

// tell joins with the limit, and says what came of it.
func tell(me syncpoint.Role, child *jointimeout.Process, limit time.Duration) (ended, early bool) {
	began := time.Now()
	ended, err := child.JoinTimeout(limit)
	waited := time.Since(began)
	must(err)
	early = !ended && waited < limit
	me.Say("ended", ended)
	me.Say("early", early)
	me.Say("code", child.ExitCode())
	return ended, early
}

// askMany asks each of many children, all of which have ended by then; only those count that say so every time.
func askMany(me syncpoint.Role) {
	var children [many]*jointimeout.Process
	for i := range children {
		children[i] = jointimeout.New("quick", strconv.Itoa(i))
		must(children[i].Start())
	}
	me.Reach("started")
	n, codes := 0, 0
	for i, child := range children {
		always := true
		for range 3 {
			ended, err := child.JoinTimeout(0)
			must(err)
			always = always && ended
		}
		if always {
			n++
		}
		if child.ExitCode() == i {
			codes++
		}
	}
	me.Say("ended", n)
	me.Say("codes", codes)
	me.Reach("asked")
}

// joinBeside has one goroutine wait without a limit and one with a long one, and joins the same child beside them.
func joinBeside(me syncpoint.Role) {
	child := start(me)
	var others sync.WaitGroup
	others.Go(func() {
		must(child.Join())
		me.Reach("first-joined")
	})
	others.Go(func() {
		ended, err := child.JoinTimeout(long)
		must(err)
		me.Say("second", ended)
		me.Reach("second-joined")
	})
	me.Reach("beside") // held here until the others sleep
	for range 3 {      // who is early, and is kept from the CPU just then, seems to be in time
		if _, early := tell(me, child, short); early {
			break
		}
	}
	me.Reach("answered")
	tell(me, child, 0)
	me.Reach("asked")
	tell(me, child, long)
	me.Reach("third-joined")
	others.Wait()
}

// joinTwo joins one child in a goroutine, and another one beside it.
func joinTwo(me syncpoint.Role) {
	first, second := jointimeout.New("first"), jointimeout.New("second")
	must(first.Start())
	must(second.Start())
	me.Reach("started")
	third := jointimeout.New("third") // nobody starts it
	if _, err := third.JoinTimeout(0); err == nil {
		me.Reach("accepted")
	}
	if err := third.Join(); err == nil {
		me.Reach("accepted")
	}
	me.Reach("refused")
	done := make(chan bool)
	go func() {
		_, err := first.JoinTimeout(long)
		must(err)
		me.Reach("first-joined")
		close(done)
	}()
	me.Reach("beside") // held here until the goroutine sleeps
	tell(me, second, long)
	me.Reach("second-joined")
	<-done
	me.Say("code", first.ExitCode())
	me.Reach("both-joined")
}

// joinOften compares what this process has after ten limits that passed, after twenty, and after ten that did not.
func joinOften(me syncpoint.Role) {
	child := start(me)
	ten := func() {
		for range 10 {
			for _, limit := range []time.Duration{tiny, 0} {
				if ended, err := child.JoinTimeout(limit); ended || err != nil {
					must(fmt.Errorf("JoinTimeout says %v, %v, and the child is held", ended, err))
				}
			}
		}
	}
	ten()
	me.Reach("ten") // held here until whoever is about to end has ended
	before := count()
	ten()
	me.Reach("twenty")
	tellMore(me, before)
	me.Reach("counted")

	var joins sync.WaitGroup
	for range 10 {
		joins.Go(func() {
			_, err := child.JoinTimeout(long)
			must(err)
		})
	}
	joins.Wait()
	me.Say("code", child.ExitCode())
	me.Reach("joined")
	tellMore(me, before)
	me.Reach("counted-again")
}

// belongings are what this process has.
type belongings struct{ goroutines, threads, files int }

func count() belongings {
	return belongings{runtime.NumGoroutine(), waiting(), entries("/proc/self/fd")}
}

func tellMore(me syncpoint.Role, before belongings) {
	now := count()
	me.Say("goroutines", more(now.goroutines-before.goroutines))
	me.Say("threads", more(now.threads-before.threads))
	me.Say("files", more(now.files-before.files))
}

// more says how many there are more after ten calls. The Go runtime may have opened or begun something for itself
// meanwhile, so some are none.
func more(n int) string {
	if n <= 5 {
		return "none"
	}
	return fmt.Sprintf("%d more", n)
}

// waiting counts the threads that sleep in the kernel. The Go runtime keeps any number of idle ones, which sleep
// in a futex, and its own housekeeping: they do not count.
func waiting() (n int) {
	tasks, err := filepath.Glob("/proc/self/task/*/syscall")
	must(err)
	for _, task := range tasks {
		b, _ := os.ReadFile(task)
		call, _, _ := strings.Cut(string(b), " ")
		switch number, err := strconv.Atoi(call); {
		case err != nil: // running, or has ended
		case number == unix.SYS_FUTEX, number == unix.SYS_NANOSLEEP, number == unix.SYS_EPOLL_PWAIT:
		default:
			n++
		}
	}
	return n
}

func entries(dir string) int {
	list, err := os.ReadDir(dir)
	must(err)
	return len(list)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

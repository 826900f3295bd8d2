// Package program is what the scenarios of threads run: kit code around the learner's functions.
package program

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/42-threads"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	go sleep()
	takeThreads()() // who has not kept the first thread by now is never on it again
	me := syncpoint.Asked()
	switch me {
	case "function", "runner":
		one(me)

	case "four":
		four(me)

	case "moved":
		moved(me)

	case "main":
		first(me)

	case "joined":
		joined(me)

	case "exiting":
		exiting(me)

	case "nested":
		nested(me)

	case "twins":
		twins(me)

	case "crowd":
		crowd(me)

	default:
		fmt.Fprintf(os.Stderr, "threads: no role %q\n", me)
		os.Exit(125)
	}
}

// sleep is a goroutine that is no Thread, in a system call for ever: so the Go runtime never finds that everybody
// sleeps, and leaves it to the scenario to say so.
func sleep() {
	runtime.LockOSThread()
	for {
		syscall.Pause()
	}
}

// work is what a thread does in the scenarios of one thread. What it finds out is there for all to see.
type work struct {
	me    syncpoint.Role
	self  *threads.Thread
	here  place
	times int
}

func (w *work) Run() {
	if w.self != nil { // New has returned
		takeThreads()() // who has not locked its thread is on another one from here on, each time
	}
	w.here = thisPlace()
	w.times++
	if w.self != nil {
		w.me.Say("own-id", w.here.name(w.self.ID()))
		w.me.Say("own-name", comm(w.here.tid))
		w.me.Say("process-name", processName())
		w.me.Say("current", threads.Current() == w.self)
		aside := make(chan bool)
		go func() { aside <- threads.Current() == nil }()
		w.me.Say("aside-is-nobody", <-aside)
	}
	w.me.Reach("inside")
}

// countGoroutines makes the numbers of goroutines greater than those of the threads in a small PID namespace, so that it can
// be told which one an ID is. Each of those who run Go code at once has numbers in stock: one does from here on.
func countGoroutines() {
	runtime.GOMAXPROCS(1)
	for n := 0; n < 1000; {
		number := make(chan int)
		go func() { number <- thisPlace().goroutine }()
		n = <-number
	}
}

// one has one thread, which calls a function or a Run method.
func one(me syncpoint.Role) {
	countGoroutines()
	w := &work{me: me}
	if me == "runner" {
		w.self = threads.NewRunner("downloader", w)
	} else {
		w.self = threads.New("downloader", w.Run)
	}
	t := w.self
	me.Say("id", place{}.name(t.ID()))
	me.Say("count", threads.ActiveCount())
	me.Reach("described")
	must(t.Start())
	me.Reach("started")
	me.Say("id", w.here.name(t.ID()))
	me.Say("name", t.Name())
	me.Say("process-name", processName())
	me.Say("count", threads.ActiveCount())
	me.Reach("looked")
	me.Say("count", threads.ActiveCount())
	me.Say("thread", listed(w.here.tid))
	me.Say("current", threads.Current() == t)
	me.Reach("looked-at-end")
	join(me, t)
	me.Say("id", w.here.name(t.ID()))
	me.Say("times", w.times)
	me.Reach("joined")
}

// names are what four threads are called: spaces and line breaks are as good as letters, and the kernel has room for
// 15 bytes, which may end in the middle of a letter.
var names = []string{"reader", "two  words\n", "thumbnail-generator", "photos-échangées"}

// four has four threads at once, and describes one more that is never started.
func four(me syncpoint.Role) {
	runtime.GOMAXPROCS(1) // for takeThreads, which each of the four calls
	threads.New("never", func() {})
	all := make([]*threads.Thread, len(names))
	at := make([]place, len(names))
	var current [4]bool
	for n, name := range names {
		all[n] = threads.New(name, func() {
			takeThreads()() // as in Run
			at[n] = thisPlace()
			current[n] = threads.Current() == all[n]
			me.Reach(fmt.Sprintf("inside-%d", n+1))
		})
	}
	for _, t := range all {
		must(t.Start())
	}
	me.Reach("started")
	different := map[int]bool{}
	own, named := 0, "all"
	for n, t := range all {
		different[at[n].tid] = true
		if current[n] && t.ID() == at[n].tid && listed(at[n].tid) == "there" {
			own++
		}
		if kernels := comm(at[n].tid); kernels != cut(names[n]) {
			named = fmt.Sprintf("%q is called %q", names[n], kernels)
		}
		if t.Name() != names[n] {
			named = fmt.Sprintf("%q says that it is %q", names[n], t.Name())
		}
	}
	me.Say("different", len(different))
	me.Say("own", own)
	me.Say("names", named)
	me.Say("process-name", processName())
	me.Say("count", threads.ActiveCount())
	me.Reach("looked")
	me.Say("count", threads.ActiveCount())
	me.Say("thread", listed(at[1].tid))
	me.Reach("one-ended")
	for _, t := range all {
		join(me, t)
	}
	me.Say("count", threads.ActiveCount())
	me.Reach("joined")
}

// moved has two threads that sleep until all other threads are taken, so that they could be moved to another one.
func moved(me syncpoint.Role) {
	var here, on, over sync.WaitGroup
	here.Add(2)
	on.Add(1)
	over.Add(2)
	stay := func(key string) {
		defer over.Done()
		me.Reach("begun")
		before := unix.Gettid()
		here.Done()
		on.Wait()
		stays := "where it was"
		if unix.Gettid() != before {
			stays = "elsewhere"
		}
		me.Say(key, stays)
		me.Reach(key)
	}
	f := threads.New("function", func() { stay("by-function") })
	r := threads.NewRunner("run", runner(func() { stay("by-run") }))
	must(f.Start())
	must(r.Start())
	here.Wait()
	me.Reach("asleep")
	free := takeThreads()
	on.Done()
	over.Wait()
	free()
}

type runner func()

func (r runner) Run() { r() }

// first looks at the main thread, and at a goroutine that has none of its own.
func first(me syncpoint.Role) {
	main := threads.Current()
	free := takeThreads()
	stays := "on the first thread"
	if unix.Gettid() != os.Getpid() {
		stays = "elsewhere"
	}
	free()
	me.Say("stays", stays)
	if main == nil {
		me.Say("name", "nobody")
	} else {
		me.Say("name", main.Name())
		me.Say("id", thisPlace().name(main.ID()))
	}
	me.Say("process-name", processName())
	me.Say("count", threads.ActiveCount())
	me.Reach("looked")

	other := make(chan *threads.Thread)
	go func() {
		me.Say("id-elsewhere", place{}.name(main.ID()))
		other <- threads.Current()
	}()
	me.Say("other-is-nobody", <-other == nil)
	me.Say("same", threads.Current() == main)
	me.Reach("looked-aside")
}

// joined has a thread that is joined before it has started, by itself, by two goroutines at once, and again.
func joined(me syncpoint.Role) {
	calls := 0
	var t *threads.Thread
	t = threads.New("downloader", func() {
		calls++
		me.Reach("inside")
		me.Say("self", outcome(t.Join()))
		me.Reach("self-joined")
	})
	me.Say("unstarted", outcome(t.Join()))
	me.Reach("asked")
	// With one processor only, nobody else comes to run between the return of Start and the question.
	before := runtime.GOMAXPROCS(1)
	must(t.Start())
	id, count := t.ID(), threads.ActiveCount()
	runtime.GOMAXPROCS(before)
	me.Say("id", place{}.name(id))
	me.Say("count", count)
	me.Reach("started")
	me.Say("again", outcome(t.Start()))
	me.Reach("started-again")
	var both sync.WaitGroup
	wait := func(name string) {
		join(me, t)
		me.Say("count", threads.ActiveCount())
		me.Reach(name)
	}
	both.Go(func() { wait("first-joined") })
	both.Go(func() { wait("second-joined") })
	me.Reach("joining")
	both.Wait()
	join(me, t)
	me.Reach("joined-thrice")
	me.Say("again", outcome(t.Start()))
	me.Say("calls", calls)
	me.Say("count", threads.ActiveCount())
	me.Reach("over")
}

// exiting has a thread that ends by runtime.Goexit, from a function that it calls.
func exiting(me syncpoint.Role) {
	var here place
	t := threads.New("downloader", func() {
		here = thisPlace()
		me.Reach("inside")
		func() { runtime.Goexit() }()
	})
	must(t.Start())
	me.Reach("started")
	join(me, t)
	me.Say("count", threads.ActiveCount())
	me.Reach("joined")
	me.Say("thread", listed(here.tid))
	me.Reach("looked")
}

// nested has a thread that starts one, and a goroutine that starts one and ends.
func nested(me syncpoint.Role) {
	var outer, inner, other *threads.Thread
	var outside, inside place
	inner = threads.New("inner", func() {
		inside = thisPlace()
		me.Say("inner", threads.Current() == inner && inner.ID() == inside.tid)
		me.Reach("in-inner")
	})
	outer = threads.New("outer", func() {
		outside = thisPlace()
		must(inner.Start())
		me.Say("outer", threads.Current() == outer && outer.ID() == outside.tid)
		me.Say("outer-name", comm(outside.tid))
		me.Reach("in-outer")
	})
	other = threads.New("other", func() { me.Reach("in-other") })
	must(outer.Start())
	done := make(chan bool)
	go func() {
		defer close(done)
		must(other.Start())
	}()
	<-done
	me.Reach("started")
	me.Say("count", threads.ActiveCount())
	me.Say("process-name", processName())
	me.Reach("looked")
	join(me, outer)
	me.Say("count", threads.ActiveCount())
	me.Say("inner-thread", listed(inside.tid))
	me.Reach("outer-joined")
	join(me, inner)
	join(me, other)
	me.Say("count", threads.ActiveCount())
	me.Reach("joined")
}

// takeThreads has goroutines take all threads that nobody keeps, until they are let free: whoever sleeps meanwhile, and has not
// locked its thread, wakes up on another one. Meanwhile one thread at a time runs Go code: with a second one to run them, all of
// them could be there before the caller sleeps, which then would not sleep.
func takeThreads() (free func()) {
	before := runtime.GOMAXPROCS(1)
	var taken sync.WaitGroup
	end := make(chan bool)
	for range 32 {
		taken.Add(1)
		go func() {
			runtime.LockOSThread()
			taken.Done()
			<-end
		}()
	}
	taken.Wait()
	return func() {
		close(end)
		runtime.GOMAXPROCS(before)
	}
}

// place is where a function runs.
type place struct{ tid, goroutine int }

func thisPlace() place {
	p := place{tid: unix.Gettid()}
	stack := make([]byte, 64)
	fmt.Sscanf(string(stack[:runtime.Stack(stack, false)]), "goroutine %d", &p.goroutine)
	return p
}

// name says whose number id is.
func (p place) name(id int) string {
	switch id {
	case 0:
		return "none"
	case p.tid:
		return "TID"
	case os.Getpid():
		return "PID"
	case p.goroutine:
		return "goroutine"
	}
	return "number"
}

// comm is what the kernel calls a thread (proc_pid_comm(5)); it puts a line break behind the name.
func comm(tid int) string {
	name, _ := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/comm", tid))
	return string(bytes.TrimSuffix(name, []byte("\n")))
}

// processName says whether the process is called as it was at its beginning, like its program.
func processName() string {
	exe, err := os.Executable()
	must(err)
	name, err := os.ReadFile("/proc/self/comm")
	must(err)
	if is := strings.TrimSuffix(string(name), "\n"); is != cut(filepath.Base(exe)) {
		return is
	}
	return "unchanged"
}

func cut(name string) string { return name[:min(len(name), 15)] }

// listed says whether the kernel has a thread of this number in this process.
func listed(tid int) string {
	if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", tid)); err != nil {
		return "gone"
	}
	return "there"
}

func outcome(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

// join joins a thread. Where Join refuses, this goroutine stays: what it should have waited for is not to happen.
func join(me syncpoint.Role, t *threads.Thread) {
	if err := t.Join(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		me.Reach("refused")
		os.Exit(1)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

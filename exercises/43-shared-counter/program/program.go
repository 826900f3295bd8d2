// Package program is what the scenarios of shared-counter run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/43-shared-counter"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	go sleep()
	switch me {
	case "alone":
		alone(me)

	case "between": // returns|panics METHOD:COUNTER...
		between(me, os.Args[2], os.Args[3:])

	case "four":
		four(me)

	case "many":
		me.Say("value", many())
		me.Reach("finished")

	default:
		fmt.Fprintf(os.Stderr, "shared-counter: no role %q\n", me)
		os.Exit(125)
	}
}

// sleep keeps the Go runtime from ending a program in which nobody can go on: that is for the scenario to see.
func sleep() {
	for {
		syscall.Pause()
	}
}

// alone counts on one thread, with two counters.
func alone(me syncpoint.Role) {
	c, other := sharedcounter.New(100), sharedcounter.New(-7)
	first := c.Value()
	me.Say("start", first)
	me.Say("returned", list(c.Add(1), c.Update(func(old int) int { return 2 * old }), c.Add(-500), c.Add(0), other.Add(1)))
	me.Say("values", list(c.Value(), other.Value()))
	me.Reach("finished")
}

// between has threads that use a counter of 100. The first is in Update when the others come: each as its argument says,
// METHOD:COUNTER. Their points have the arguments' numbers.
func between(me syncpoint.Role, first string, others []string) {
	c, other := sharedcounter.New(100), sharedcounter.New(1000)
	early := c
	var all sync.WaitGroup
	all.Go(func() {
		defer func() {
			if recover() != nil {
				me.Reach("panicked")
			}
		}()
		runtime.LockOSThread()
		var once sync.Once // change may be called again
		c.Update(func(old int) int {
			once.Do(func() { me.Reach("between") })
			if first == "panics" {
				panic("out of numbers")
			}
			return old + 1
		})
		me.Reach("stored")
	})
	me.Reach("begun") // held here until the first thread is between
	for i, how := range others {
		late := c
		all.Go(func() {
			runtime.LockOSThread()
			method, which, _ := strings.Cut(how, ":")
			n := map[string]*sharedcounter.Counter{"": &c, "early-copy": &early, "late-copy": &late, "other": &other}[which]
			switch method {
			case "update":
				n.Update(func(old int) int { return old + 10 })
			case "add":
				n.Add(10)
			}
			me.Reach(fmt.Sprint("done-", i+1))
		})
	}
	all.Wait()
	me.Say("value", c.Value())
	me.Say("copies", list(early.Value(), other.Value()))
	me.Reach("finished")
}

// four is what a common example does in Python, with n += 1 from four threads; here each one is a thread for certain.
func four(me syncpoint.Role) {
	c := sharedcounter.New(100)
	var all, added sync.WaitGroup
	returned, read, threads := make([]int, 4), make([]int, 4), map[int]bool{}
	var mu sync.Mutex
	added.Add(4)
	for i := range 4 {
		all.Go(func() {
			runtime.LockOSThread()
			mu.Lock()
			threads[unix.Gettid()] = true
			mu.Unlock()
			returned[i] = c.Add(1)
			me.Reach(fmt.Sprint("added-", i+1))
			added.Done()
			added.Wait() // until all have added
			read[i] = c.Value()
		})
	}
	all.Wait()
	slices.Sort(returned)
	me.Say("threads", len(threads))
	me.Say("returned", list(returned...))
	me.Say("read", list(read...))
	me.Reach("finished")
}

// many counts on four threads, two thousand times on each, by Add and Update, and through copies.
func many() int {
	c := sharedcounter.New(0)
	var all sync.WaitGroup
	for range 4 {
		mine := c
		all.Go(func() {
			runtime.LockOSThread()
			for i := range 1000 {
				mine.Add(1)
				c.Update(func(old int) int { return old + 1 })
				if i%100 == 0 {
					c.Value()
				}
			}
		})
	}
	all.Wait()
	return c.Value()
}

func list(numbers ...int) string { return strings.Trim(fmt.Sprint(numbers), "[]") }

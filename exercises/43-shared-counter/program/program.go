// Package program is what the scenarios of shared-counter run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/43-shared-counter"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("between returns|doubles|panics [METHOD:COUNTER...]")
	go sleep()
	switch me {
	case "again":
		again(me)

	case "alone":
		alone(me)

	case "between": // returns|doubles|panics METHOD:COUNTER...
		between(me, os.Args[2], os.Args[3:])

	case "four":
		four(me)

	case "many":
		many(me)

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

// alone counts on one thread, with several counters.
func alone(me syncpoint.Role) {
	runtime.LockOSThread()
	c, twin, other := sharedcounter.New(100), sharedcounter.New(100), sharedcounter.New(-7)
	first := c.Value()
	me.Say("start", first)
	me.Say("returned", list(c.Add(1), c.Update(func(old int) int { return 2 * old }), c.Add(-500), c.Add(0), other.Add(1)))
	me.Say("values", list(c.Value(), other.Value(), twin.Value()))
	big := sharedcounter.New(math.MaxInt - 1)
	me.Say("most", big.Add(1) == math.MaxInt && big.Value() == math.MaxInt)
	me.Reach("finished")
}

// between has threads that use a counter of 100. The first is in Update when the others come: each as its argument says,
// METHOD:COUNTER. Their points have the arguments' numbers.
func between(me syncpoint.Role, first string, visitors []string) {
	c, others := sharedcounter.New(100), strangers()
	early := c
	var all sync.WaitGroup
	all.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				me.Say("panic", r == errOutOfNumbers)
				me.Reach("panicked")
			}
		}()
		runtime.LockOSThread()
		var once sync.Once // change may be called again
		c.Update(func(old int) int {
			once.Do(func() { me.Reach("between") })
			switch first {
			case "panics":
				panic(errOutOfNumbers)
			case "doubles":
				return 2 * old
			}
			return old + 1
		})
		me.Reach("stored")
	})
	me.Reach("begun") // held here until the first thread is between
	for i, how := range visitors {
		late := c
		all.Go(func() {
			runtime.LockOSThread()
			method, which, _ := strings.Cut(how, ":")
			n := map[string]*sharedcounter.Counter{"": &c, "early-copy": &early, "late-copy": &late}[which]
			switch method {
			case "update":
				n.Update(func(old int) int { return old + 10 })
			case "add":
				me.Say("added", n.Add(10))
			case "value":
				me.Say("seen", n.Value())
			case "others":
				for i := range others {
					others[i].Add(10)
				}
			}
			me.Reach(fmt.Sprint("done-", i+1))
		})
	}
	all.Wait()
	if first == "panics" {
		me.Say("panic", panicAgain(&c))
	}
	me.Say("value", c.Value())
	me.Say("copy", early.Value())
	var numbers []int
	for i := range others {
		numbers = append(numbers, others[i].Value())
	}
	slices.Sort(numbers)
	me.Say("others", list(slices.Compact(numbers)...))
	me.Reach("finished")
}

var errOutOfNumbers = errors.New("out of numbers")

// panicAgain has other changes panic, for which nobody waits, and says whether all their values came through.
func panicAgain(c *sharedcounter.Counter) bool {
	all := true
	for _, value := range []any{errOutOfNumbers, "out of numbers", 7, c} {
		func() {
			defer func() { all = recover() == value && all }()
			c.Update(func(int) int { panic(value) })
		}()
	}
	return all
}

// again has an Update begin again as often as that can be: somebody else adds 10 during each of its changes, five times in
// all. Those who were not asked for that by the changes come afterwards.
func again(me syncpoint.Role) {
	c, rounds := sharedcounter.New(100), 0
	var all sync.WaitGroup
	round := func() {
		rounds++
		all.Go(func() {
			runtime.LockOSThread()
			c.Update(func(old int) int { return old + 10 })
		})
		me.Reach(fmt.Sprint("between-", rounds))
	}
	all.Go(func() {
		runtime.LockOSThread()
		c.Update(func(old int) int {
			if rounds < 5 {
				round()
			}
			return old + 1
		})
		for rounds < 5 {
			round()
		}
	})
	all.Wait()
	me.Say("value", c.Value())
	me.Reach("finished")
}

// strangers are a thousand other counters of 100: more than anybody deals locks out to.
func strangers() (others []sharedcounter.Counter) {
	for range 1000 {
		others = append(others, sharedcounter.New(100))
	}
	return others
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

// many counts on four threads, two thousand times on each, by Add and Update, and through copies. Each change lets the
// others run. After each quarter they wait for each other, so that the scenario sees them get on: it is a lot of work at a stretch.
func many(me syncpoint.Role) {
	c := sharedcounter.New(0)
	var all sync.WaitGroup
	var quarters [4]sync.WaitGroup
	for i := range quarters {
		quarters[i].Add(4)
	}
	returned := make([]int, 8000)
	for part := range slices.Chunk(returned, 2000) {
		mine := c
		all.Go(func() {
			runtime.LockOSThread()
			for i := 0; i < len(part); i += 2 {
				part[i] = mine.Add(1)
				part[i+1] = c.Update(func(old int) int {
					runtime.Gosched()
					return old + 1
				})
				if i%100 == 0 {
					c.Value()
				}
				if done := i + 2; done%500 == 0 {
					quarters[done/500-1].Done()
					quarters[done/500-1].Wait()
				}
			}
		})
	}
	for i := range quarters {
		quarters[i].Wait()
		me.Reach(fmt.Sprint("counted-", i+1))
	}
	all.Wait()
	slices.Sort(returned)
	me.Say("value", c.Value())
	me.Say("numbers", len(slices.Compact(returned)))
	me.Reach("finished")
}

func list(numbers ...int) string { return strings.Trim(fmt.Sprint(numbers), "[]") }

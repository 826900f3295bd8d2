package program

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"forklings/checker/syncpoint"
	"forklings/exercises/44-daemon-thread"
)

const thirty = 30 // more threads than somebody might have counted on

// startAndEnd starts threads and is at the end at once, with this code: one goroutine runs at a time, so that hardly any of
// them has begun. The last one says that all have done their work.
func startAndEnd(code string) int {
	n, err := strconv.Atoi(code)
	must(err)
	var done atomic.Int32
	var all [thirty]*daemonthread.Thread
	for i := range all {
		all[i] = daemonthread.New(false, func() {
			if done.Add(1) == thirty {
				fmt.Println("all are done")
			}
		})
	}
	runtime.GOMAXPROCS(1)
	for _, t := range all {
		must(t.Start())
	}
	return n
}

// startThirty has threads work at the same time, and joins all of them.
func startThirty(me syncpoint.Role) {
	before, threads := runtime.NumGoroutine(), tasks()
	var met sync.WaitGroup
	met.Add(thirty)
	leave := make(chan bool)
	var all [thirty]*daemonthread.Thread
	for i := range all {
		all[i] = daemonthread.New(i%2 == 1, func() {
			met.Done()
			<-leave
		})
	}
	me.Reach("made")
	me.Say("threads", tasks() > threads+thirty/2)
	for _, t := range all {
		must(t.Start())
	}
	met.Wait()
	me.Reach("met")
	close(leave)
	for _, t := range all {
		must(t.Join())
	}
	me.Reach("joined")
	me.Say("kept", runtime.NumGoroutine() > before+thirty/4)
	me.Reach("counted")
}

// startInSequence starts three hundred threads, one after another, and joins each before the next.
func startInSequence(me syncpoint.Role) {
	const many = 300 // more than somebody might have room for in a channel
	before := runtime.NumGoroutine()
	for i := range many {
		t := daemonthread.New(i%2 == 1, func() {})
		must(t.Start())
		must(t.Join())
	}
	me.Reach("joined")
	me.Say("kept", runtime.NumGoroutine() > before+thirty/4)
	me.Reach("counted")
}

// tasks is how many threads of the kernel this process has.
func tasks() int {
	list, err := os.ReadDir("/proc/self/task")
	must(err)
	return len(list)
}

// startByMany has several goroutines start each thread at the same moment, and says whether one of them could, and the work
// was done once.
func startByMany(me syncpoint.Role) {
	once := true
	for range 100 {
		var started, done atomic.Int32
		works := make(chan bool, 4)
		t := daemonthread.New(false, func() {
			done.Add(1)
			works <- true
		})
		var rivals sync.WaitGroup
		var ready atomic.Int32
		for range 4 {
			rivals.Go(func() {
				for ready.Add(1); ready.Load() < 4; {
					runtime.Gosched()
				}
				if t.Start() == nil {
					started.Add(1)
				}
			})
		}
		rivals.Wait()
		<-works // whether Join waits for it is not the question
		must(t.Join())
		once = once && started.Load() == 1 && done.Load() == 1
	}
	me.Say("once", once)
	me.Reach("started")
}

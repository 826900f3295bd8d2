package program

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"forklings/checker/syncpoint"
	"forklings/exercises/42-threads"

	"golang.org/x/sys/unix"
)

// twins has two threads of the same name, one of which joins the other, and a third one that has ended.
func twins(me syncpoint.Role) {
	var first, second *threads.Thread
	first = threads.New("twin", func() {
		me.Say("first", threads.Current() == first && first.ID() == unix.Gettid())
		me.Reach("in-first")
	})
	second = threads.New("twin", func() {
		me.Say("second", threads.Current() == second && second.ID() == unix.Gettid())
		me.Reach("in-second")
		join(me, first)
		me.Reach("second-joined")
	})
	must(first.Start())
	must(second.Start())
	me.Reach("started")
	me.Say("names", first.Name()+", "+second.Name())
	me.Say("count", threads.ActiveCount())
	me.Reach("looked")
	short := threads.New("short", func() {})
	must(short.Start())
	join(me, short)
	me.Reach("short-joined")
	join(me, second)
	me.Say("count", threads.ActiveCount())
	me.Reach("joined")
	main := threads.Current()
	me.Say("start", outcome(main.Start()))
	me.Reach("main-started")
	me.Say("join", outcome(main.Join()))
	me.Reach("main-joined")
	go func() {
		join(me, main)
		me.Reach("main-over")
	}()
	me.Reach("main-awaited")
}

const (
	crowded  = 20 // threads at once
	starting = 8  // goroutines that start one of them at once
)

// crowd has many threads at once, each of which is started by several goroutines at once.
func crowd(me syncpoint.Role) {
	var calls, started atomic.Int32
	var inside sync.WaitGroup
	end := make(chan bool)
	inside.Add(crowded)
	all := make([]*threads.Thread, crowded)
	for n := range all {
		me.Say("starting", n+1)
		var once sync.Once
		all[n] = threads.New(fmt.Sprint("member ", n), func() {
			calls.Add(1)
			once.Do(inside.Done)
			<-end
		})
		var starters sync.WaitGroup
		var here atomic.Int32
		for range starting {
			starters.Go(func() {
				here.Add(1)
				for here.Load() < starting { // no sleep: whoever is woken comes later than the others
					runtime.Gosched()
				}
				if all[n].Start() == nil {
					started.Add(1)
				}
			})
		}
		starters.Wait()
	}
	inside.Wait()
	me.Reach("all-inside")
	me.Say("started", started.Load())
	me.Say("count", threads.ActiveCount())
	me.Reach("looked")
	go func() {
		me.Reach("ending")
		close(end)
	}()
	for _, t := range all {
		join(me, t)
	}
	me.Say("calls", calls.Load())
	me.Say("count", threads.ActiveCount())
	me.Reach("joined")
}

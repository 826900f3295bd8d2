// Package program is what the scenarios of daemon-thread run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/44-daemon-thread"

	"golang.org/x/sys/unix"
)

// init keeps main on the first thread, so that no other thread has the process's number.
func init() { arrange.FirstThread("daemon-thread") }

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		at-once STATUS
		program KIND:NAME...`)
	// Else the Go runtime ended a program that waits for nobody, and took it for deadlocked.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1)
	defer me.Reach("behind-run")
	daemonthread.Run(func() int {
		switch me {
		case "at-once": // CODE
			return startAndEnd(os.Args[2])
		}
		me.Say("first-thread", unix.Gettid() == unix.Getpid())
		run(me)
		me.Reach("returning")
		return 7
	})
	me.Reach("behind-run")
	os.Exit(125)
}

// run does what the role says, and returns when the program is at its end.
func run(me syncpoint.Role) {
	switch me {
	case "program": // KIND:NAME...
		all := describe(me, os.Args[2:])
		for _, t := range all {
			must(t.Start())
		}
		me.Reach("started")
		if strings.HasPrefix(os.Args[2], "leaver:") {
			must(all[0].Join())
			me.Reach("joined-leaver")
		}

	case "leavers":
		leave(me)

	case "later": // when anna has ended, and nobody is to be waited for
		anna := daemonthread.New(false, func() { work(me, "anna") })
		must(anna.Start())
		must(anna.Join())
		must(daemonthread.New(false, func() { work(me, "bela") }).Start())
		me.Reach("started")

	case "sequence":
		startInSequence(me)

	case "setting":
		set(me)

	case "joining":
		join(me)

	case "twice":
		var all [2]*daemonthread.Thread
		for i, name := range []string{"anna", "log"} {
			all[i] = daemonthread.New(i == 1, func() { work(me, name) })
			me.Say("early", outcome(all[i].Join()))
			me.Reach("asked-early")
			must(all[i].Start())
			me.Say("again", outcome(all[i].Start()))
			me.Reach("asked-again")
		}
		must(all[0].Join())
		me.Say("again", outcome(all[0].Start()))
		me.Reach("asked-late")

	case "kernel":
		look(me)

	case "thirty":
		startThirty(me)

	case "rivals":
		startByMany(me)

	case "nobody":

	default:
		fmt.Fprintf(os.Stderr, "daemon-thread: no role %q\n", me)
		os.Exit(125)
	}
}

// describe makes the threads that the arguments describe, KIND:NAME, and returns those that are to be started. A thread
// NAME>OTHER starts one that is no daemon before it ends; NAME>>OTHER one that is.
func describe(me syncpoint.Role, args []string) (started []*daemonthread.Thread) {
	for _, arg := range args {
		kind, name, _ := strings.Cut(arg, ":")
		name, other, more := strings.Cut(name, ">")
		t := daemonthread.New(kind == "daemon" || kind == "unmade-daemon", func() {
			if kind == "leaver" {
				defer me.Reach(name + "-left")
				me.Reach(name + "-working")
				runtime.Goexit()
			}
			if work(me, name); more {
				other, daemon := strings.CutPrefix(other, ">")
				must(daemonthread.New(daemon, func() { work(me, other) }).Start())
				me.Reach(name + "-started-other")
			}
		})
		switch kind {
		case "unmade-daemon":
			must(t.SetDaemon(true)) // the last word counts
			must(t.SetDaemon(false))
		case "made-daemon":
			must(t.SetDaemon(false))
			must(t.SetDaemon(true))
		}
		if kind != "unstarted" {
			started = append(started, t)
		}
	}
	me.Reach("described")
	return started
}

// work is what every thread does.
func work(me syncpoint.Role, name string) {
	defer me.Reach(name + "-left")
	me.Reach(name + "-working")
	fmt.Println(name, "is done")
	me.Reach(name + "-done")
}

// leave has a thread return, and then a daemon, and a thread that is none, end by runtime.Goexit, and starts and sets these
// again.
func leave(me syncpoint.Role) {
	carl := daemonthread.New(false, func() {})
	must(carl.Start())
	for range 2 {
		carl.SetDaemon(true) // an error
	}
	me.Reach("set-carl")
	must(carl.Join())
	me.Reach("joined-carl")
	log := daemonthread.New(true, func() { runtime.Goexit() })
	anna := daemonthread.New(false, func() { runtime.Goexit() })
	must(log.Start())
	must(log.Join())
	me.Reach("joined-log")
	must(anna.Start())
	must(anna.Join())
	me.Reach("joined-anna")
	me.Say("again", outcome(log.Start())+" "+outcome(anna.Start()))
	me.Say("set", outcome(log.SetDaemon(false))+" "+outcome(anna.SetDaemon(true)))
	me.Reach("asked")
}

// set sets the flag of threads that have been started, and of one that has ended.
func set(me syncpoint.Role) {
	log := daemonthread.New(true, func() { work(me, "log") })
	anna := daemonthread.New(false, func() { work(me, "anna") })
	bela := daemonthread.New(false, func() { work(me, "bela") })
	must(log.Start())
	must(anna.Start())
	must(bela.Start())
	go func() { must(anna.Join()) }()
	me.Reach("started")
	me.Say("joined", outcome(anna.Start()))      // somebody waits for its end
	me.Say("same", outcome(log.SetDaemon(true))) // it is one
	me.Say("log", outcome(log.SetDaemon(false)))
	me.Say("anna", outcome(anna.SetDaemon(true)))
	me.Reach("set")
	must(bela.Join())
	me.Say("bela", outcome(bela.SetDaemon(true)))
	me.Reach("set-late")
}

// join has the program and two goroutines join threads: a daemon, and one that is none.
func join(me syncpoint.Role) {
	log := daemonthread.New(true, func() { work(me, "log") })
	anna := daemonthread.New(false, func() { work(me, "anna") })
	must(log.Start())
	must(anna.Start())
	me.Reach("started")
	var others sync.WaitGroup
	for _, point := range []string{"joined-beside", "joined-beside-too"} {
		others.Go(func() {
			must(anna.Join())
			me.Reach(point)
		})
	}
	must(log.Join())
	me.Reach("joined")
	must(anna.Join())
	must(anna.Join())
	must(log.Join())
	me.Reach("joined-again")
	others.Wait()
}

// look says what the kernel knows of two threads that work at the same time: each is one of the process's own
// (/proc/PID/task), and in none of them runs anything else, not even while its work waits for that. One goroutine runs at a
// time: where two share a thread, it is seen.
func look(me syncpoint.Role) {
	runtime.GOMAXPROCS(1)
	tids := make(chan int, 2)
	for _, name := range []string{"anna", "log"} {
		must(daemonthread.New(name == "log", func() {
			own, alone := unix.Gettid(), true
			other := make(chan int)
			for range 100 {
				go func() { other <- unix.Gettid() }()
				alone = <-other != own && unix.Gettid() == own && alone
			}
			me.Say(name+"-alone", alone)
			tids <- own
			work(me, name)
		}).Start())
	}
	first, second := <-tids, <-tids
	me.Say("threads", first != second && isThread(first) && isThread(second))
	me.Reach("looked")
}

// isThread tells whether that is a thread of this process, and not its first one.
func isThread(tid int) bool {
	_, err := os.Stat("/proc/self/task/" + strconv.Itoa(tid))
	return err == nil && tid != os.Getpid()
}

func outcome(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

// must ends the program, and says so, when there is an error where none is due.
func must(err error) {
	if err != nil {
		syncpoint.Asked().Say("failed", true)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

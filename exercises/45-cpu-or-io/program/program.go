// Package program is what the scenarios of cpu-or-io run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	cpuorio "forklings/exercises/45-cpu-or-io"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		run|seasoned|among-others|deaf serial|threads|processes [PIECE...]
		creation serial|threads|processes PIECE
		many serial|threads|processes N
		wait|spin|kernel|nothing|long|sleep|pair|fail|stumble|chatty|earlier|second|crowd|orphan N CLOCK`)
	os.Args[0] = "cpu-or-io" // a name, and no path
	switch me {
	case "run": // WAY PIECE...
		run(me, me)

	case "seasoned": // the same, when threads and children have used CPU time before
		season(way(os.Args[2]))
		run(me, me)

	case "among-others": // the same, beside a thread and a child that use CPU time and are nobody's pieces
		run(me, me)

	case "many": // WAY NUMBER: the same for so many pieces, each of which waits until all have begun
		n := number(os.Args[3])
		os.Args = append(os.Args[:3:3], slices.Repeat([]string{"crowd"}, n)...)
		go crowd(me, n)
		run(me, me)

	case "deaf": // the same, with SIGCHLD ignored
		signal.Ignore(syscall.SIGCHLD)
		run(me, me)

	case "creation": // WAY PIECE
		creation(me)

	case "decide":
		decide(me)

	case "table": // to be run by hand
		table()

	case "wait", "spin", "kernel", "nothing", "long", "sleep", "pair", "fail", "stumble", "chatty", "earlier", "second", "crowd", "orphan": // INDEX ASKED: a piece, in a child
		piece(me)

	case "empty":

	case "heir": // of a piece, without the pieces' end
		me.Reach("up")

	case "neighbour":
		burn(strangersWork)

	default:
		fmt.Fprintf(os.Stderr, "cpu-or-io: no role %q\n", me)
		os.Exit(125)
	}
}

var ways = []string{"serial", "threads", "processes"}

func way(name string) cpuorio.Way {
	for i := range ways {
		if ways[i] == name {
			return cpuorio.Way(i)
		}
	}
	fmt.Fprintln(os.Stderr, "cpu-or-io: no such way:", name)
	os.Exit(125)
	return 0
}

// run runs the pieces that the arguments name, and tells what is true of the cost.
func run(me, role syncpoint.Role) {
	w := way(os.Args[2])
	work := newWork(me, w, os.Args[3:])
	me.Reach("ready")
	others := make(chan spent, 1)
	if role == "among-others" {
		go func() { others <- beside(me, w) }()
	}
	work.begin()
	if role == "seasoned" && w == cpuorio.Processes {
		go burn(ownWork)
	}
	cost, err := cpuorio.Run(w, work.pieces...)
	work.end()
	if role == "among-others" {
		me.Reach("has-run")
		work.strangers = <-others
	}
	work.tell(cost, err)
	me.Reach("returned")
}

// creation asks for the cost of creation, and tells what is true of it.
func creation(me syncpoint.Role) {
	const times = 4
	w := way(os.Args[2])
	work := newWork(me, w, os.Args[3:])
	work.times = times
	me.Reach("ready")
	work.begin()
	cost, err := cpuorio.Creation(w, times, work.pieces[0])
	work.end()
	work.tell(cost, err)
	me.Reach("returned")
}

// season lets the threads that there are, and a child, use CPU time; and it runs a piece in the same way. It sets GOMAXPROCS.
func season(w cpuorio.Way) {
	atFirst = runtime.NumCPU() + 1 // another number than the usual one
	runtime.GOMAXPROCS(atFirst)
	const threads = 4
	var ready, done sync.WaitGroup
	ready.Add(threads)
	for range threads {
		done.Go(func() {
			runtime.LockOSThread() // each on a thread of its own, which the Go runtime keeps for others
			defer runtime.UnlockOSThread()
			ready.Done()
			ready.Wait()
			burn(earlierWork)
		})
	}
	done.Wait()
	burn(earlierWork)
	must(command("neighbour").Run())
	work := newWork("earlier", w, []string{"earlier"})
	work.begin()
	cpuorio.Run(w, work.pieces...)
}

// beside uses CPU time in a thread and in a child, when the scenario says so, and by a call of Run for other work. It
// tells how much, as far as that can be said.
func beside(me syncpoint.Role, w cpuorio.Way) (s spent) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	me.Reach("others")
	before := threadCPU()
	burn(strangersWork)
	neighbour := command("neighbour")
	must(neighbour.Start())
	unix.Waitid(unix.P_PID, neighbour.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) // who else waits for it, has it now
	me.Reach("neighbour-ended")
	if err := neighbour.Wait(); errors.Is(err, syscall.ECHILD) {
		me.Say("neighbour", "stolen")
	} else {
		must(err)
		me.Say("neighbour", "mine")
		s.user = neighbour.ProcessState.UserTime()
		s.children = s.user + neighbour.ProcessState.SystemTime()
	}
	me.Reach("others-done")

	more := newWork("second", w, []string{"second"})
	more.begin()
	cost, err := cpuorio.Run(w, more.pieces...)
	must(err)
	me.Say("second", more.second(cost))
	if w == cpuorio.Processes {
		s.children += secondWork
		s.user += cost.CPU // to whoever forgets the rest, the user time
	} else {
		s.self += secondWork
	}
	s.self += threadCPU() - before
	me.Reach("second-done")
	return s
}

// command is this program in another role, without the learner's package.
func command(role string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	return exec.Command(exe, role)
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

// Package program is what the scenarios of supervisor run: kit code around the learner's function.
package program

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/41-supervisor"

	"golang.org/x/sys/unix"
)

const year = 365 * 24 * time.Hour

var (
	minutes = supervisor.Policy{First: time.Minute, Max: 5 * time.Minute, Steady: 10 * time.Minute, Grace: 2 * time.Minute}
	years   = supervisor.Policy{First: 10 * year, Max: 30 * year, Steady: 100 * year, Grace: 20 * year}
	ages    = supervisor.Policy{First: 150 * year, Max: 150 * year, Steady: 200 * year, Grace: 20 * year}
)

// init keeps main on the first thread, which a Go program has to its end: who starts services there learns nothing.
func init() { arrange.FirstThread("supervisor", "supervise-on-threads") }

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("supervise|supervise-for-years|supervise-for-ages|supervise-on-threads|supervise-again STEPS [NAME:ARG...]")
	os.Args[0] = "supervisor" // as if it was found on PATH, so that it says nothing about where the program is
	switch me {
	case "supervise": // STEPS SERVICE...
		supervise(me, minutes, nil)

	case "supervise-for-years":
		supervise(me, years, nil)

	case "supervise-for-ages":
		supervise(me, ages, nil)

	case "supervise-on-threads":
		runtime.GOMAXPROCS(1) // which goroutine gets which thread is not left to chance
		done := make(chan bool)
		go func() {
			supervise(me, minutes, arrange.EndThreads)
			close(done)
		}()
		<-done

	case "supervise-again":
		superviseAgain(me)

	case "supervise-late":
		superviseLate(me)

	case "last": // tells that it was asked to end
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		go me.Reach("serving")
		<-asked
		must(os.WriteFile(askedFile, nil, 0o600))
		me.Reach("stopping")

	case "db", "cache", "web": // [STATUS]
		serve(me)

	case "family": // [STATUS]
		haveHelper()
		serve(me)

	case "helper":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		go func() {
			<-asked
			me.Reach("asked")
		}()
		me.Reach("helping")

	case "mail": // ends at SIGTERM, without a word
		me.Say("args", fmt.Sprintf("%q", os.Args[2:]))
		me.Reach("serving")

	case "stubborn", "stoic": // [helped]
		if len(os.Args) > 2 {
			haveHelper() // before, as what is ignored is inherited
		}
		signal.Ignore()
		me.Reach("serving")

	case "neighbour", "stranger":
		me.Reach("working")

	default: // a service that was given other arguments
		syncpoint.Role("stray").Reach("came-up")
		fmt.Fprintf(os.Stderr, "supervisor: no role %q\n", me)
		os.Exit(125)
	}
}

// serve is a service that ends with the status of its last argument: by itself, when it is released, and when it is
// asked to, after a clean-up.
func serve(me syncpoint.Role) {
	status, _ := strconv.Atoi(os.Args[len(os.Args)-1])
	asked := make(chan os.Signal, 2)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		if <-asked != syscall.SIGTERM {
			me.Reach("misled")
			syscall.Pause()
		}
		go func() {
			<-asked
			me.Reach("asked-again")
		}()
		me.Reach("stopping")
		os.Exit(status)
	}()
	me.Reach("serving")
	os.Exit(status)
}

// haveHelper starts a helper of a service, in its process group and with its output.
func haveHelper() {
	helper := command("helper")
	helper.Stdout, helper.Stderr = os.Stdout, os.Stderr
	must(helper.Start())
}

// supervise calls Run once.
func supervise(me syncpoint.Role, policy supervisor.Policy, begun func()) {
	ctx, cancel := context.WithCancel(context.Background())
	clock := arrange.NewClock()
	go pass(me, clock, cancel)
	run(ctx, me, clock, policy, begun)
	me.Reach("returned")
	me.Say("pidfds", arrange.Pidfds())
	me.Reach("counted")
}

// superviseAgain calls Run three times, the first time with a context that is done, and the third time with a handler
// for SIGTERM of its own. It has another child, which has nothing to do with the services.
func superviseAgain(me syncpoint.Role) {
	neighbour := command("neighbour")
	must(neighbour.Start())
	clock := arrange.NewClock()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	run(ctx, me, clock, minutes, nil)
	me.Reach("back")
	ctx, cancel = context.WithCancel(context.Background())
	go pass(me, clock, cancel)
	run(ctx, me, clock, minutes, nil)
	me.Reach("returned")
	heard := make(chan os.Signal, 8)
	signal.Notify(heard, syscall.SIGTERM)
	run(context.Background(), me, clock, minutes, nil)
	for len(heard) > 0 { // what has stopped Run
		<-heard
	}
	me.Reach("returned-again")
	must(neighbour.Wait())
	me.Reach("collected")
	<-heard
	me.Reach("heard")
	signal.Stop(heard)
	me.Reach("deaf")
}

func run(ctx context.Context, me syncpoint.Role, clock *arrange.Clock, policy supervisor.Policy, begun func()) {
	all := &events{me: me, begun: begun, runs: map[int]string{}}
	me.Say("ends", "none")
	if err := supervisor.Run(ctx, clock, policy, all.add, services(os.Args[3:])...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		me.Say("run", "error")
	} else {
		me.Say("run", "nil")
	}
}

// pass lets the time pass, a step at a time: until so long after the start, or until somebody cancels. On the way
// threads can end, all can be interrupted, and it can look who is there.
func pass(me syncpoint.Role, clock *arrange.Clock, cancel func()) {
	for step := range strings.SplitSeq(os.Args[2], ",") {
		switch step {
		case "cancel":
			me.Reach("cancel")
			cancel()
		case "threads":
			me.Reach("threads")
			arrange.EndThreads()
		case "look":
			me.Reach("look")
			look()
		case "interrupt":
			me.Reach("interrupt")
			interrupt()
		default:
			me.Reach("to-" + step)
			me.Say("woken", clock.Set(duration(step)))
		}
	}
	for { // else the Go runtime took a program that waits for no more than the clock for deadlocked
		syscall.Pause()
	}
}

// interrupt sends a signal that the Go runtime handles to each thread: what is never taken up again, such as poll(2), ends with
// EINTR (signal(7)).
func interrupt() {
	tasks, err := os.ReadDir("/proc/self/task")
	must(err)
	for _, task := range tasks {
		tid, err := strconv.Atoi(task.Name())
		must(err)
		unix.Tgkill(os.Getpid(), tid, unix.SIGURG) // an error says that the thread has ended
	}
}

// duration reads what time.ParseDuration reads, and years.
func duration(text string) time.Duration {
	if n, ok := strings.CutSuffix(text, "y"); ok {
		count, err := strconv.Atoi(n)
		must(err)
		return time.Duration(count) * year
	}
	d, err := time.ParseDuration(text)
	must(err)
	return d
}

// services reads them as NAME:ARG:ARG... The impossible one has an argument that no process can have.
func services(list []string) (all []supervisor.Service) {
	for _, text := range list {
		words := strings.Split(text, ":")
		service := supervisor.Service{Name: words[0], Args: words[1:]}
		if service.Name == "impossible" {
			service.Args = []string{"\x00"}
		}
		all = append(all, service)
	}
	return all
}

// command is this program in another role, without the learner's package.
func command(role string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	return exec.Command(exe, role)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

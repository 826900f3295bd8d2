// Package program is what the scenarios of schedule run: kit code around the learner's function.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/28-schedule"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		schedule|cancelled|again|neighbourly|listening STEPS [DURATION:NAME:ARG...]
		clean FILE FILE
		auditor [FILE...]`)
	os.Args[0] = "schedule" // as if it was found on PATH, so that it says nothing about where the program is
	switch me {
	case "schedule", "cancelled", "again", "neighbourly", "listening": // STEPS JOB...
		if me == "neighbourly" {
			must(command("neighbour").Start())
		}
		asked := make(chan os.Signal, 1)
		if me == "listening" {
			signal.Notify(asked, syscall.SIGTERM)
		}
		clock := arrange.NewClock()
		stops := make(chan context.CancelFunc, 2)
		me.Reach("ready")
		go pass(me, clock, stops)
		run(me, clock, stops)
		me.Reach("returned")
		if me == "again" {
			run(me, clock, stops)
			me.Reach("returned-again")
		}
		if me == "listening" {
			<-asked
			me.Reach("asked")
		}
		me.Say("pidfds", arrange.Pidfds())
		me.Reach("counted")

	case "monitor", "backup": // a job that takes as long as the scenario holds it, and exits with its last argument
		me.Say("args", fmt.Sprintf("%q", os.Args[2:]))
		me.Reach("working")
		status, _ := strconv.Atoi(os.Args[len(os.Args)-1])
		os.Exit(status)

	case "clean":
		clean(me, os.Args[2], os.Args[3])

	case "launch": // a job that leaves a process running, with the job's output open
		server := command("server")
		server.Stdout, server.Stderr = os.Stdout, os.Stderr
		must(server.Start())
		me.Reach("launched")

	case "server", "neighbour":
		me.Reach("serving")

	case "auditor":
		me.Say("lines", audit(os.Args[2:]))
		me.Reach("audited")

	default: // a job that was given other arguments
		syncpoint.Role("stray").Reach("came-up")
		fmt.Fprintf(os.Stderr, "schedule: no role %q\n", me)
		os.Exit(125)
	}
}

// run calls Run once, with the jobs that the arguments name.
func run(me syncpoint.Role, clock *arrange.Clock, stops chan<- context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	stops <- cancel
	if me == "cancelled" {
		cancel()
	}
	failed := failures{me: me}
	me.Say("failed", "nobody")
	if err := schedule.Run(ctx, clock, failed.add, jobs(os.Args[3:])...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		me.Say("run", "error")
	} else {
		me.Say("run", "nil")
	}
}

// pass lets the time pass, a step at a time: until so long after the start, or until somebody cancels.
func pass(me syncpoint.Role, clock *arrange.Clock, stops <-chan context.CancelFunc) {
	for step := range strings.SplitSeq(os.Args[2], ",") {
		if step == "cancel" {
			me.Reach("cancel")
			(<-stops)()
			continue
		}
		me.Reach("to-" + step)
		after, err := time.ParseDuration(step)
		must(err)
		me.Say("woken", clock.Set(after))
	}
	for { // else the Go runtime took a program that waits for no more than the clock for deadlocked
		syscall.Pause()
	}
}

// jobs reads them as INTERVAL:NAME:ARG:ARG... The impossible one has an argument that no process can have.
func jobs(list []string) (jobs []schedule.Job) {
	for _, text := range list {
		words := strings.Split(text, ":")
		every, err := time.ParseDuration(words[0])
		must(err)
		job := schedule.Job{Name: words[1], Args: words[2:], Every: every}
		if job.Name == "impossible" {
			job.Args = []string{"\x00"}
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// failures tells the scenario whose runs have failed, in the order of the reports.
type failures struct {
	me    syncpoint.Role
	mutex sync.Mutex
	names []string
}

func (f *failures) add(job schedule.Job, err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if err == nil {
		err = errors.New("nil")
		job.Name = "nil:" + job.Name
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", job.Name, err)
	f.names = append(f.names, job.Name)
	f.me.Say("job", fmt.Sprintf("%v %q %q", job.Every, job.Name, job.Args))
	f.me.Say("failed", strings.Join(f.names, " "))
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

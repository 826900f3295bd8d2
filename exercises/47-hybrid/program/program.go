// Package program is what the scenarios of hybrid run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	hybrid "forklings/exercises/47-hybrid"
)

// Main runs the role named by the first argument.
func Main() {
	for name, task := range tasks {
		hybrid.Register(name, task)
	}
	hybrid.Main()
	me := arrange.Role("crew|second|again|limited|narrow|beside-others PROCESSES THREADS [TASK:INPUT...]")
	switch me {
	case "crew", "second": // PROCESSES THREADS TASK:INPUT...
		run(me)
		me.Reach("returned")

	case "partial":
		me.Say("lost-though-done", partial())
		me.Reach("returned")

	case "again":
		run(me)
		me.Reach("returned")
		run(me)
		me.Reach("returned-again")

	case "limited":
		var results []hybrid.Result
		arrange.Descriptors(0, func() { results = do() })
		me.Say("results", describe(results))
		me.Say("silent", few())
		me.Reach("returned")
		run(me)
		me.Reach("returned-again")

	case "narrow": // on one CPU
		runtime.LockOSThread()
		narrow()
		must(syscall.Exec(executable(), append([]string{os.Args[0], "crew"}, os.Args[2:]...), os.Environ()))

	case "beside-others":
		must(exec.Command(executable(), "neighbour").Start())
		run(me)
		me.Reach("returned")
		exec.Command(executable(), "bystander").Run()
		bare := exec.Command(executable())
		bare.Stderr = os.Stderr
		bare.Run()

	case "neighbour":
		me.Reach("held")
	case "bystander":
		me.Reach("there")

	case "": // no argument at all
		syncpoint.Role("bare").Reach("there")

	case "both-at-once": // two goroutines call Run
		done := make(chan bool)
		go func() {
			me.Say("first", describe(hybrid.Run(1, 2, hybrid.Job{Task: "hold", Input: "left a"}, hybrid.Job{Task: "hold", Input: "left b"})))
			me.Reach("first-returned")
			close(done)
		}()
		me.Reach("beside") // held until the other one works
		me.Say("other", describe(hybrid.Run(1, 1, hybrid.Job{Task: "hold", Input: "right c"})))
		me.Reach("other-returned")
		<-done

	case "values":
		me.Say("wrong", wrongValues())
		me.Reach("returned")

	case "computing":
		compute(me)
		me.Reach("returned")

	case "figures":
		figures()

	default:
		// A child that is not told from its parent comes here too.
		syncpoint.Role("stray").Reach("main-body")
		fmt.Fprintf(os.Stderr, "hybrid: no role %q\n", me)
		os.Exit(125)
	}
}

// do does what the arguments name.
func do() []hybrid.Result {
	processes, err := strconv.Atoi(os.Args[2])
	must(err)
	threads, err := strconv.Atoi(os.Args[3])
	must(err)
	var jobs []hybrid.Job
	for _, text := range os.Args[4:] {
		task, input, _ := strings.Cut(text, ":")
		jobs = append(jobs, hybrid.Job{Task: task, Input: input})
	}
	return hybrid.Run(processes, threads, jobs...)
}

func run(me syncpoint.Role) {
	results := do()
	lost := 0
	for _, r := range results {
		if r.Err != nil {
			lost++
		}
	}
	me.Say("lost", lost)
	me.Say("results", describe(results))
}

// describe says what the results are, in a word or two each.
func describe(results []hybrid.Result) string {
	var all []string
	for _, r := range results {
		switch {
		case r.Err == nil && r.Value == "":
			all = append(all, "nothing")
		case r.Err == nil && r.Value == large():
			all = append(all, "whole")
		case r.Err == nil && len(r.Value) > 1000:
			all = append(all, "cut")
		case r.Err == nil:
			all = append(all, r.Value)
		case r.Value == "":
			fmt.Fprintln(os.Stderr, r.Err)
			all = append(all, "lost")
		default:
			all = append(all, r.Value+" and lost")
		}
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}

// few calls Run while there are descriptors for its first steps only, and for one step more each time. It counts the jobs
// that have neither a value nor an error.
func few() (silent int) {
	for n := 3; n < 30; n++ {
		var results []hybrid.Result
		arrange.Descriptors(n, func() { results = hybrid.Run(1, 2, hybrid.Job{Task: "echo", Input: "x"}) })
		if len(results) != 1 || results[0].Err == nil && results[0].Value == "" {
			silent++
		} else if results[0].Err == nil {
			break
		}
	}
	return silent
}

// partial has two shares done while there are descriptors for so many processes' beginnings: for none, for one, for both. It
// counts the jobs that have come to their end and have no value, or the other way round.
func partial() (wrong int) {
	must(os.MkdirAll(".kit", 0o755))
	for n := 3; n < 60; n++ {
		jobs := []hybrid.Job{{Task: "mark", Input: fmt.Sprint(n, "-one")}, {Task: "mark", Input: fmt.Sprint(n, "-two")}}
		var results []hybrid.Result
		arrange.Descriptors(n, func() { results = hybrid.Run(2, 1, jobs...) })
		whole := 0
		for i, job := range jobs {
			_, err := os.Stat(markFile(job.Input))
			done := i < len(results) && results[i].Err == nil && results[i].Value == job.Input
			if done != (err == nil) {
				wrong++
			}
			if done {
				whole++
			}
		}
		if whole == len(jobs) {
			return wrong
		}
	}
	return wrong
}

func executable() string {
	exe, err := os.Executable()
	must(err)
	return exe
}

// wrongValues has inputs given back that are empty, odd or large, more than any pipe holds, and counts those that are not
// as they were.
func wrongValues() (wrong int) {
	inputs := []string{"", "\n", " two  words; $(x) = \" \\ ", "\x00\xff\n\r\x80", "line\nline\n", strings.Repeat("0123456789abcdef", 1<<20/16)}
	var jobs []hybrid.Job
	for i := range 36 {
		input := inputs[i%len(inputs)]
		if i >= len(inputs) && len(input) > 1000 {
			input = strconv.Itoa(i) + input[:100<<10]
		}
		jobs = append(jobs, hybrid.Job{Task: "echo", Input: input})
	}
	results := hybrid.Run(2, 3, jobs...)
	for i, job := range jobs {
		if i >= len(results) || results[i].Err != nil || results[i].Value != "echo of "+job.Input {
			wrong++
		}
	}
	return wrong
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Package program is what the scenarios of crash run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/17-crash"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	for name, task := range tasks {
		crash.Register(name, task)
	}
	for written, name := range unwritable() {
		crash.Register(name, func() string { return result(written) })
	}
	crash.Main()
	me := syncpoint.Asked()
	if role(me) {
		return
	}
	// A child that is not told from its parent comes here too, and a run without arguments.
	syncpoint.Role("stray").Reach("main-body")
	fmt.Fprintf(os.Stderr, "crash: no role %q\n", me)
	os.Exit(125)
}

// role runs a role; the other arguments are names of tasks.
func role(me syncpoint.Role) bool {
	names := slices.Clone(os.Args[min(2, len(os.Args)):])
	for i, written := range names {
		if name, is := unwritable()[written]; is {
			names[i] = name
		}
	}
	switch me {
	case "parent":
		me.Reach("begun")
		run(me, names)
		me.Reach("reported")

	case "repeats":
		run(me, names)
		me.Reach("reported")
		run(me, names)
		me.Reach("reported-again")

	case "two-runs":
		twoRuns(me, names)

	case "beside":
		bystander := ordinary("bystander")
		must(bystander.Start())
		me.Reach("begun")
		run(me, names)
		me.Reach("reported")
		must(bystander.Wait())
		me.Reach("waited")

	case "starts-others":
		startsOthers(me, names)

	case "limited":
		var reports []crash.Report
		arrange.Descriptors(0, func() { reports = crash.Run(names...) })
		me.Say("reports", describe(reports))
		me.Say("odd", odd())
		me.Reach("reported")
		run(me, names)
		me.Reach("reported-again")

	case "grandchild", "bystander":
		me.Reach("held")

	default:
		return false
	}
	return true
}

// run runs these tasks and says what is reported.
func run(me syncpoint.Role, names []string) {
	reports := slices.Clone(crash.Run(names...)) // nobody writes to ours later
	me.Say("reports", describe(reports))
	me.Say("harmed", slices.ContainsFunc(reports, harmed))
	me.Say("missed", slices.ContainsFunc(reports, missed))
	me.Say("parts", slices.ContainsFunc(reports, part))
	me.Say("files", files())
}

// harmed: the report is of a task that was ended by a signal that it had not sent itself.
func harmed(r crash.Report) bool { return r.Signal != 0 && r.Signal != signals[r.Task] }

// part: the report is of a task that has finished, and its result is another than what it has returned.
func part(r crash.Report) bool { return r.Finished && r.Result != result(r.Task) }

// missed: the report says nothing of how the task ended.
func missed(r crash.Report) bool {
	nothing := !r.Finished && r.Code == 0 && r.Signal == 0 && r.Err == nil
	return nothing && r.Task != "exits-0" && r.Task != "exits-aside"
}

// twoRuns calls Run in two goroutines at once, with half of the names each.
func twoRuns(me syncpoint.Role, names []string) {
	half := len(names) / 2
	done := make(chan bool)
	go func() {
		me.Say("one", describe(crash.Run(names[:half]...)))
		me.Reach("one-reported")
		close(done)
	}()
	me.Reach("beside") // held here until the other one waits
	me.Say("other", describe(crash.Run(names[half:]...)))
	me.Reach("other-reported")
	<-done
}

// startsOthers starts this program while Run runs, and after it.
func startsOthers(me syncpoint.Role, names []string) {
	done := make(chan bool)
	go func() {
		run(me, names)
		me.Reach("reported")
		close(done)
	}()
	me.Reach("beside") // held here until the other one waits
	must(ordinary("bystander").Start())
	me.Reach("started")
	<-done
	must(ordinary("bystander").Start())
	me.Reach("started-again")
	must(ordinary().Start())
}

// odd calls Run while few descriptors may be open, from none on to enough, so that it fails at one step after the other. It
// describes the first report with Err that has something else in it.
func odd() string {
	for n := range 20 {
		var reports []crash.Report
		arrange.Descriptors(n, func() { reports = crash.Run("empty") })
		for _, r := range reports {
			if r.Err != nil && r != (crash.Report{Task: "empty", Err: r.Err}) {
				return describe(reports)
			}
		}
	}
	return "nothing"
}

// describe says what the reports say, each in a few words.
func describe(reports []crash.Report) string {
	var all []string
	for _, r := range reports {
		for written, name := range unwritable() {
			if r.Task == name {
				r.Task = written
			}
		}
		var said []string
		switch {
		case r.Finished && r.Result == result(r.Task):
			said = append(said, "finished")
		case r.Finished:
			said = append(said, fmt.Sprintf("finished with %.20q", r.Result))
		case r.Result != "":
			said = append(said, "has a result")
		}
		if r.Signal != 0 {
			said = append(said, "killed by "+unix.SignalName(r.Signal))
		}
		if r.Err != nil {
			fmt.Fprintln(os.Stderr, r.Err)
			said = append(said, "not started")
		}
		if r.Code != 0 || len(said) == 0 {
			said = append(said, fmt.Sprint("exited ", r.Code))
		}
		all = append(all, r.Task+" "+strings.Join(said, " and "))
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// files are those in this folder, which is the temporary one too, that are not the kit's.
func files() int {
	n := 0
	here, err := os.ReadDir(".")
	must(err)
	for _, f := range here {
		name := f.Name()
		if name != ".bin" && name != ".tmp" && !strings.HasSuffix(name, ".stdout") && !strings.HasSuffix(name, ".stderr") {
			n++
		}
	}
	return n
}

// ordinary is an ordinary run of this program, in a role if one is given. It has the environment and the output of who
// starts it.
func ordinary(role ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, role...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Package program is what the scenarios of runner run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/03-runner"
	other "forklings/exercises/03-runner/program/elsewhere/program"
)

// child is the name that every process of this program speaks under before its role is known, and in Run. Those that a
// scenario starts have their name already, so it stays with the children.
const child = syncpoint.Role("child")

// Who finds this in the environment registers a type more. Children inherit it.
const elsewhere = "RUNNER_ELSEWHERE"

// Main runs the role named by the first argument.
func Main() {
	if syncpoint.Asked() == "start-three" {
		must(os.Setenv(elsewhere, "registered"))
	}
	child.Reach("begun")
	if set := os.Getenv(elsewhere); set != "" {
		child.Say("environment", set)
	}
	for _, r := range []runner.Runner{&Letter{}, &Failing{}, &Nesting{}, prototype()} {
		runner.Register(r)
	}
	if os.Getenv(elsewhere) != "" {
		runner.Register(&other.Counter{})
	}
	runner.Main()
	child.Reach("main-body")
	os.Args[0] = "runner" // as if it was found on PATH, so that it says nothing about where the program is

	me := syncpoint.Asked()
	switch me {
	case "start-letter":
		p := create(me, written("the letter"))
		start(me, p)
		must(p.Join())
		me.Reach("joined")

	case "change-fields":
		changeFields(me)

	case "start-counter":
		c := &Counter{N: 100, Step: 1}
		p := create(me, c)
		start(me, p)
		must(p.Join())
		me.Say("n", c.N)
		me.Reach("joined")

	case "start-sparse":
		start(me, create(me, &Counter{Notes: map[string]string{"own": "note"}}))

	case "start-three":
		first := create(me, &Counter{N: 41, Step: 1})
		second, third := runner.New(written("the letter")), runner.New(&other.Counter{N: 41})
		start(me, first)
		start(me, second)
		start(me, third)
		for _, p := range []*runner.Process{first, second, third} {
			must(p.Join())
		}

	case "start-and-end":
		must(runner.New(written(long())).Start())

	case "join-each":
		joinEach(me)

	case "nest":
		p := create(me, &Nesting{Role: "ordinary"})
		start(me, p)
		must(p.Join())
		must(runAgain("ordinary"))
		me.Reach("ran-again")
		cmd := ordinary("ordinary")
		_, err := cmd.StdinPipe() // open for as long as that one runs, and nobody writes to it
		must(err)
		must(cmd.Run())
		me.Reach("ran-with-input")
		must(ordinary().Start())

	case "ordinary":
		// all that it has to do is to come here

	case "run-directly":
		c := &Counter{N: 100, Step: 1}
		p := create(me, c)
		c.Run()
		refused(me, p.Join())

	case "start-in-vain":
		startInVain(me)

	case "start-unregistered":
		p := create(me, &Stranger{N: 1})
		refused(me, p.Start())
		refused(me, p.Join())

	default:
		fmt.Fprintf(os.Stderr, "runner: no role %q\n", me)
		os.Exit(125)
	}
}

// joinEach joins two processes at once, and then two more that fail.
func joinEach(me syncpoint.Role) {
	held, exits := create(me, &Counter{N: 41, Step: 1}), create(me, &Failing{How: "exits"})
	start(me, held)
	start(me, exits)
	go func() {
		must(held.Join())
		me.Reach("first-joined")
	}()
	me.Reach("joining")
	refused(me, exits.Join())
	for _, r := range []runner.Runner{&Failing{How: "panics"}, &Counter{N: 41, Step: 1}} {
		p := runner.New(r)
		must(p.Start())
		refused(me, p.Join())
	}
	me.Say("pidfds", arrange.Pidfds())
	me.Reach("counted")
}

// startInVain starts a process while this one can open nothing more, and then one with an environment with which nothing can be
// started. Nobody tidies up in place of Start meanwhile.
func startInVain(me syncpoint.Role) {
	debug.SetGCPercent(-1)
	p := runner.New(&Counter{N: 41, Step: 1})
	var err error
	arrange.Descriptors(0, func() { err = p.Start() })
	refused(me, err)
	refused(me, p.Join())
	p = runner.New(&Counter{N: 41, Step: 1})
	var started error
	before := files()
	arrange.Environment(func() { started = p.Start() })
	me.Say("file-left-by-start", started != nil && files() > before)
	me.Reach("tried")
	joined := p.Join()
	me.Say("start-and-join", outcome(started)+", "+outcome(joined))
	me.Reach("tried-to-join")
	p = runner.New(&Counter{N: 41, Step: 1})
	must(p.Start())
	must(p.Join())
	me.Reach("joined")
}

// outcome tells an error from none.
func outcome(err error) string {
	if err != nil {
		return "error"
	}
	return "nil"
}

// runAgain starts this program in the given role and waits for its end.
func runAgain(role string) error { return ordinary(role).Run() }

// ordinary describes a run of this program, in a role if one is given, as anybody may start it. It inherits the environment.
func ordinary(role ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, role...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func create(me syncpoint.Role, r runner.Runner) *runner.Process {
	p := runner.New(r)
	me.Reach("created")
	return p
}

func start(me syncpoint.Role, p *runner.Process) {
	must(p.Start())
	me.Reach("started")
}

// files is how many there are in this folder, which is the temporary one too.
func files() int {
	here, err := os.ReadDir(".")
	must(err)
	return len(here)
}

func refused(me syncpoint.Role, err error) {
	if err == nil {
		me.Reach("accepted")
		return
	}
	me.Reach("refused")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

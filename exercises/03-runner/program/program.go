// Package program is what the scenarios of runner run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"

	"forklings/checker/syncpoint"
	"forklings/exercises/03-runner"
)

// child is the name that every process of this program speaks under before its role is known, and in Run. Those that a
// scenario starts have their name already, so it stays with the children.
const child = syncpoint.Role("child")

// Main runs the role named by the first argument.
func Main() {
	child.Reach("begun")
	runner.Register(&Letter{})
	runner.Register(&Counter{Step: 5, Notes: map[string]string{"from": "the prototype"}, Tags: []string{"prototype"}})
	runner.Main()
	child.Reach("main-body")

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

	case "start-zero":
		start(me, create(me, &Counter{}))

	case "start-both":
		first := create(me, &Counter{N: 41, Step: 1})
		second := create(me, written("the letter"))
		start(me, first)
		start(me, second)
		must(first.Join())
		must(second.Join())

	case "run-directly":
		c := &Counter{N: 100, Step: 1}
		p := create(me, c)
		c.Run()
		refused(me, p.Join())

	case "start-unregistered":
		refused(me, create(me, &Stranger{N: 1}).Start())

	default:
		fmt.Fprintf(os.Stderr, "runner: no role %q\n", me)
		os.Exit(125)
	}
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

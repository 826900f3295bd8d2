// Package program is what the scenarios of join run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"

	"forklings/checker/syncpoint"
	"forklings/exercises/07-join"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		me.Reach("held")
		os.Exit(7)

	case "join-once":
		child := start(me)
		must(child.Join())
		me.Reach("joined")

	case "join-twice":
		child := start(me)
		must(child.Join())
		me.Reach("joined")
		must(child.Join())
		me.Reach("joined-again")

	case "join-together":
		child := start(me)
		second := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("second-joined")
			close(second)
		}()
		must(child.Join())
		me.Reach("first-joined")
		<-second

	case "join-before-start":
		p := join.New("child")
		me.Reach("described")
		refused(me, p)

	case "join-stranger":
		p := join.Find(os.Getppid()) // a parent is nobody's child here
		me.Reach("found")
		refused(me, p)

	default:
		fmt.Fprintf(os.Stderr, "join: no role %q\n", me)
		os.Exit(125)
	}
}

func start(me syncpoint.Role) *join.Process {
	child := join.New("child")
	me.Reach("described")
	must(child.Start())
	me.Reach("started")
	return child
}

func refused(me syncpoint.Role, p *join.Process) {
	if err := p.Join(); err == nil {
		me.Reach("accepted")
	}
	me.Reach("refused")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

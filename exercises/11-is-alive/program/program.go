// Package program is what the scenarios of is-alive run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"strconv"

	"forklings/checker/syncpoint"
	"forklings/exercises/11-is-alive"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		me.Reach("held")
		os.Exit(7)

	case "bystander":
		me.Reach("held")

	case "ask":
		child := start(me)
		me.Say("alive", child.IsAlive())
		me.Reach("asked")
		must(child.Join())
		me.Reach("joined")
		me.Say("alive", child.IsAlive())
		me.Reach("asked-again")

	case "ask-unstarted":
		child := isalive.New("child")
		me.Reach("described")
		me.Say("alive", child.IsAlive())
		me.Reach("asked")

	case "ask-while-joining":
		child := start(me)
		joined := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("joined")
			close(joined)
		}()
		me.Reach("joining")
		me.Say("alive", child.IsAlive())
		me.Reach("asked")
		<-joined

	case "exists":
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		me.Reach("told")
		me.Say("exists", isalive.Exists(pid))
		me.Reach("asked")
		me.Say("exists", isalive.Exists(pid))
		me.Reach("asked-again")

	default:
		fmt.Fprintf(os.Stderr, "is-alive: no role %q\n", me)
		os.Exit(125)
	}
}

func start(me syncpoint.Role) *isalive.Process {
	child := isalive.New("child")
	me.Reach("described")
	must(child.Start())
	me.Reach("started")
	return child
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

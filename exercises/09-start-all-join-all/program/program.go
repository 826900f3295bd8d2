// Package program is what the scenarios of start-all-join-all run: kit code around the learner's function.
package program

import (
	"fmt"
	"os"

	"forklings/checker/syncpoint"
	startalljoinall "forklings/exercises/09-start-all-join-all"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "one", "two", "three":
		me.Reach("held")

	case "fails":
		me.Reach("held")
		os.Exit(1)

	case "parent": // the other arguments are the children's roles
		children := os.Args[2:]
		commands := commands(children)
		me.Reach("ready")
		outcomes := startalljoinall.Run(commands)
		me.Say("outcomes", len(outcomes))
		for i, child := range children {
			if i < len(outcomes) {
				me.Say(child, sentence(outcomes[i]))
			}
		}
		me.Reach("returned")

	default:
		fmt.Fprintf(os.Stderr, "start-all-join-all: no role %q\n", me)
		os.Exit(125)
	}
}

// commands runs each child's role in this same program; the one called missing has no program at all.
func commands(children []string) (all [][]string) {
	exe, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, child := range children {
		path := exe
		if child == "missing" {
			path = "/no/such/program"
		}
		all = append(all, []string{path, child})
	}
	return all
}

func sentence(o startalljoinall.Outcome) string {
	switch {
	case o.Err != nil:
		return "not started"
	case o.Signal != 0:
		return "killed by " + unix.SignalName(o.Signal)
	}
	return fmt.Sprintf("exited %d", o.Code)
}

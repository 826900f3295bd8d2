// Package program is what the scenarios of async-start run: kit code around the learner's function.
package program

import (
	"fmt"
	"os"

	"forklings/checker/syncpoint"
	"forklings/exercises/05-async-start"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		me.Reach("held")

	case "both":
		exe, err := os.Executable()
		must(err)
		must(run(me, exe))
		me.Reach("done")

	case "no-program":
		if err := run(me, "./no-such-program"); err != nil {
			me.Reach("refused")
		} else {
			me.Reach("done")
		}

	default:
		fmt.Fprintf(os.Stderr, "async-start: no role %q\n", me)
		os.Exit(125)
	}
}

func run(me syncpoint.Role, program string) error {
	call := func() { me.Reach("in-call") }
	report := func(what string) {
		switch what {
		case "started":
			me.Reach("started")
		case "called":
			me.Reach("called")
		case "ended":
			me.Reach("ended")
		default:
			must(fmt.Errorf("async-start: %q is not one of the reports", what))
		}
	}
	return asyncstart.Run(program, []string{"child"}, call, report)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

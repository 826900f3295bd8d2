// Package program is what the scenarios of bootstrap run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/04-bootstrap"
)

// Main is what every process of this program runs, from the top: first what imported packages do, then the
// guard, then the main body.
func Main() {
	imported()
	bootstrap.Guard(target)
	body()
}

// imported stands for a package that starts a helper when it is imported. Where there is a file startup, it
// does so in every child, and so before Guard.
func imported() {
	if _, err := os.Stat("startup"); err != nil || !bootstrap.IsChild() {
		return
	}
	me := syncpoint.Role("imported")
	me.Reach("starting")
	if err := bootstrap.Start("helper"); err == nil {
		me.Reach("accepted")
	} else {
		me.Say("advice", strings.Contains(strings.ToLower(err.Error()), "guard"))
		me.Reach("refused")
	}
}

// body is the main body. A process that the guard lets pass comes here too, with arguments that only the learner
// knows, and does what the main program does: so there are no unknown roles.
func body() {
	switch me := syncpoint.Asked(); me {
	case "fresh":
		me.Say("child", bootstrap.IsChild())
		me.Reach("body")

	case "main":
		start(os.Args[2:]...)

	default:
		start()
	}
}

// start starts these targets, or three; fresh is run in the ordinary way.
func start(names ...string) {
	if len(names) == 0 {
		names = []string{"red", "green", "blue"}
	}
	me := syncpoint.Role("main")
	me.Reach("body")
	for _, name := range names {
		if name == "fresh" {
			must(fresh().Start())
		} else {
			must(bootstrap.Start(name))
		}
	}
	me.Reach("started")
}

// target is what the children run.
func target(name string) {
	me := syncpoint.Role(name)
	me.Say("child", bootstrap.IsChild())
	me.Reach("running")
	switch name {
	case "red", "green", "blue", "leaf", "helper":

	case "starter":
		must(bootstrap.Start("leaf"))
		me.Reach("started")

	case "runner":
		must(fresh().Run())

	case "replaced":
		run := fresh()
		must(syscall.Exec(run.Path, run.Args, os.Environ()))

	default:
		fmt.Fprintf(os.Stderr, "bootstrap: no target %q\n", name)
		os.Exit(125)
	}
}

// fresh is this same program, run in the ordinary way.
func fresh() *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	return exec.Command(exe, "fresh")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

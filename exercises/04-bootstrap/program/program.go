// Package program is what the scenarios of bootstrap run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"forklings/checker/arrange"
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

// imported stands for a package that does something when it is imported: in every child, and so before Guard, it
// starts a helper, runs this program in the ordinary way, or takes its time. The scenario's file startup says which; it
// is found wherever the child's directory is.
func imported() {
	what, err := os.ReadFile(filepath.Join(filepath.Dir(executable()), syncpoint.Work, "startup"))
	if err != nil || !bootstrap.IsChild() {
		return
	}
	me := syncpoint.Role("imported")
	me.Reach("starting")
	switch strings.TrimSpace(string(what)) {
	case "run":
		must(fresh().Start())

	case "start":
		if err := bootstrap.Start("helper"); err == nil {
			me.Reach("accepted")
		} else {
			me.Say("advice", strings.Contains(strings.ToLower(err.Error()), "guard"))
			me.Reach("refused")
		}
	}
}

// body is the main body. A process that the guard lets pass comes here too, with arguments that only the learner
// knows, and does what the main program does: so there are no unknown roles.
func body() {
	switch me := syncpoint.Asked(); me {
	case "fresh":
		me.Say("child", bootstrap.IsChild())
		me.Reach("body")
		must(bootstrap.Start("leaf"))
		me.Reach("started") // and ends, often before the child has looked for its parent

	case "limited":
		var err error
		arrange.Descriptors(0, func() { err = bootstrap.Start("red") })
		me.Say("refused", err != nil)
		me.Reach("asked")
		must(fresh().Start())

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
	me.Say("child", bootstrap.IsChild())
	me.Reach("body")
	for _, name := range names {
		if name == "fresh" {
			must(fresh().Start())
		} else {
			must(bootstrap.Start(name))
		}
	}
	me.Say("child", bootstrap.IsChild())
	me.Reach("started")
}

// target is what the children run.
func target(name string) {
	me := syncpoint.Role(name)
	switch name {
	case "red", "green", "blue", "panics", "starter", "middle", "leaf", "last", "helper", "runner", "replaced":
	default:
		me = "misnamed"
	}
	me.Say("child", bootstrap.IsChild())
	me.Reach("running")
	switch name {
	case "panics":
		panic("a target may panic")

	case "starter":
		must(bootstrap.Start("middle"))
		must(bootstrap.Start("leaf"))
		me.Reach("started")

	case "middle":
		must(bootstrap.Start("last"))
		me.Reach("started")

	case "runner":
		must(fresh().Run())

	case "replaced":
		must(syscall.Exec(executable(), []string{"some-name"}, os.Environ()))
	}
	fmt.Println(name, "is done")
}

// fresh is this same program, run in the ordinary way, under an argv[0] that says nothing about the file.
func fresh() *exec.Cmd {
	return &exec.Cmd{Path: executable(), Args: []string{"some-name", "fresh"}, Stderr: os.Stderr}
}

func executable() string {
	exe, err := os.Executable()
	must(err)
	return exe
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

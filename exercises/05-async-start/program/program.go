// Package program is what the scenarios of async-start run: kit code around the learner's function.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"forklings/checker/syncpoint"
	"forklings/exercises/05-async-start"
)

// words are what a child is given behind its role: what a shell, or a cut at blanks, would change.
var words = []string{"two  words", "", "*", `"quoted"`, "it's"}

// Main runs the role named by the first argument. A second one is the role of the child.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		arrive(me)

	case "failing": // leaves behind more output than a pipe takes, a child that has it open, and status 3
		must(again("grandchild").Start())
		arrive(me)
		fmt.Println(strings.Repeat(".", 100_000))
		os.Exit(3)

	case "grandchild":
		me.Reach("held")

	case "both":
		must(run(me, executable(), func() { me.Reach("in-call") }))
		me.Reach("done")

	case "nested": // the call is a Run too
		must(run(me, executable(), func() {
			must(asyncstart.Run(executable(), child(), func() { me.Reach("in-inner-call") }, func(string) {}))
			me.Reach("inner-done")
		}))
		me.Reach("done")

	case "together": // two Runs at once, each in a goroutine of its own
		var other sync.WaitGroup
		other.Go(func() { must(asyncstart.Run(executable(), child(), func() {}, numbered(me, 1))) })
		me.Reach("first")
		must(asyncstart.Run(executable(), child(), func() {}, numbered(me, 2)))
		other.Wait()
		me.Reach("done")

	case "no-program":
		for _, program := range unstartable() {
			if run(me, program, func() { me.Reach("in-call") }) == nil {
				me.Reach("done")
			}
		}
		me.Reach("refused")

	default:
		fmt.Fprintf(os.Stderr, "async-start: no role %q\n", me)
		os.Exit(125)
	}
}

// arrive tells what arguments the child was given, and holds it.
func arrive(me syncpoint.Role) {
	arguments := "as given"
	if !slices.Equal(os.Args[2:], words) {
		arguments = fmt.Sprintf("%q, not %q", os.Args[2:], words)
	}
	me.Say("arguments", arguments)
	me.Reach("held")
}

// child is what a child is given: its role, and the words.
func child() []string {
	role := "child"
	if len(os.Args) > 2 {
		role = os.Args[2]
	}
	return append([]string{role}, words...)
}

// unstartable makes what execve(2) refuses: no file, a directory, a file without x, a file that is no program.
func unstartable() []string {
	must(os.WriteFile("not-executable", []byte("#!/bin/sh\n"), 0o644))
	must(os.WriteFile("not-a-program", []byte("words\n"), 0o755))
	return []string{"./missing", "/", "./not-executable", "./not-a-program"}
}

// run calls Run for a child of this program, or of another one, and comes to a point with each report.
func run(me syncpoint.Role, program string, call func()) error {
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
	return asyncstart.Run(program, child(), call, report)
}

// numbered comes with each report to a point that has the number in its name.
func numbered(me syncpoint.Role, n int) func(what string) {
	return func(what string) { me.Reach(fmt.Sprintf("%s-%d", what, n)) }
}

// again is this program in another role, with the same standard output and error.
func again(role string) *exec.Cmd {
	cmd := exec.Command(executable(), role)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
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

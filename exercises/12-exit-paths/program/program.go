// Package program is what the scenarios of exit-paths run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/12-exit-paths"
)

// Main runs the role named by the first argument. A second one is the exit code to leave with.
func Main() {
	me := arrange.Role("exits|child-exits|hard-exits|child-hard-exits|handlers-fail|handler-exits|handler-hard-exits|returned|panicked|numbers|bare [STATUS]")
	switch me {
	case "returns":
		run(me, func() {
			prepare(me)
			for range 3 {
				exitpaths.Print(strings.Repeat("another line of what may be a long report, ", 28) + "\n") // 3615 bytes in all
			}
			me.Reach("ready")
		})

	case "exits", "child-exits":
		run(me, func() {
			prepare(me)
			leave(me, func() { exitpaths.Exit(code()) })
		})

	case "hard-exits", "child-hard-exits":
		run(me, func() {
			prepare(me)
			leave(me, func() { exitpaths.HardExit(code()) })
		})

	case "handlers-fail":
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "fails", func() { panic("disk full") }))
			exitpaths.AtExit(handler(me, "second", nil))
			exitpaths.AtExit(handler(me, "fails-too", func() { panic(errors.New("no network")) }))
			leave(me, func() { exitpaths.Exit(code()) })
		})

	case "handler-exits":
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "second", func() {
				defer me.Reach("second-deferred")
				exitpaths.Exit(3)
				me.Reach("came-back")
			}))
			leave(me, func() { exitpaths.Exit(code()) })
		})

	case "returned": // the body returns, and a handler calls Exit
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "second", func() { exitpaths.Exit(3) }))
		})

	case "panicked": // the body panics; one handler calls Exit then, and another one panics
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "fails", func() { panic("disk full") }))
			exitpaths.AtExit(handler(me, "second", func() { exitpaths.Exit(3) }))
			leave(me, func() { panic("out of paper") })
		})

	case "numbers": // the body panics with a number, and so does a handler
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "fails", func() { panic(41) }))
			leave(me, func() { panic(77) })
		})

	case "bare": // there is no handler, and nothing to be written
		run(me, func() { leave(me, func() { exitpaths.Exit(code()) }) })

	case "handler-hard-exits":
		run(me, func() {
			exitpaths.AtExit(handler(me, "first", nil))
			exitpaths.AtExit(handler(me, "second", func() {
				exitpaths.HardExit(9)
				me.Reach("came-back")
			}))
			leave(me, func() { exitpaths.Exit(code()) })
		})

	case "panics":
		run(me, func() {
			prepare(me)
			leave(me, func() { panic("out of paper") })
		})

	case "parent":
		run(me, func() {
			prepare(me)
			me.Reach("ready")
			me.Say("soft", child("child-exits", "7"))
			me.Say("hard", child("child-hard-exits", "9"))
		})

	default:
		fmt.Fprintf(os.Stderr, "exit-paths: no role %q\n", me)
		os.Exit(125)
	}
}

func run(me syncpoint.Role, body func()) {
	exitpaths.Run(body)
	me.Reach("run-returned")
}

// prepare registers two handlers and prints two lines.
func prepare(me syncpoint.Role) {
	exitpaths.AtExit(handler(me, "first", nil))
	exitpaths.AtExit(handler(me, "second", nil))
	exitpaths.Print(string(me) + " was ")
	exitpaths.Print("here\n")
	exitpaths.Print("50% done\n")
}

// handler announces its name and prints a line. Then it goes on as told.
func handler(me syncpoint.Role, name string, then func()) func() {
	ran := false
	return func() {
		if ran {
			me.Reach("ran-again")
		}
		ran = true
		me.Reach(name)
		exitpaths.Print("from " + name + "\n")
		if then != nil {
			then()
		}
	}
}

// leave goes this way out from two functions deep, each with a deferred function.
func leave(me syncpoint.Role, way func()) {
	defer me.Reach("outer-deferred")
	func() {
		defer me.Reach("inner-deferred")
		me.Reach("leaving")
		way()
		me.Reach("came-back")
	}()
}

func code() int {
	if len(os.Args) < 3 {
		return 0
	}
	n, err := strconv.Atoi(os.Args[2])
	must(err)
	return n
}

// child runs this same program in another role, with the same output, and gives its exit code.
func child(args ...string) int {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	cmd.Wait() // its error only says that the code is not 0
	return cmd.ProcessState.ExitCode()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Package program is what the scenarios of start-all-join-all run: kit code around the learner's function.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"forklings/checker/syncpoint"
	startalljoinall "forklings/exercises/09-start-all-join-all"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	if len(os.Args) == 1 { // argv came one place too late; the child is to be heard all the same
		me = syncpoint.Role(filepath.Base(os.Args[0])) // or the path is all of the command
	}
	switch me {
	case "one", "two", "three", "own", "alone":
		held(me)

	case "named":
		me.Say("argv0", os.Args[0])
		held(me)

	case "fails":
		held(me)
		os.Exit(1)

	case "exits-200":
		held(me)
		os.Exit(200)

	case "arguments":
		me.Say("arguments", fmt.Sprintf("%q", os.Args[2:]))
		held(me)

	case "parent": // the other arguments are the children's roles
		run(me, os.Args[2:])

	case "parent-again": // runs them, and then again
		run(me, os.Args[2:])
		outcomes := startalljoinall.Run(commands(os.Args[2:]))
		say(me, os.Args[2:], outcomes)
		me.Reach("returned-again")

	case "parent-interrupted":
		me.Interrupt("interrupting")
		run(me, os.Args[2:])

	case "parent-with-own": // has a child already that is none of Run's
		must(exec.Command(executable(), "own").Start())
		run(me, os.Args[2:])

	case "parent-of-20":
		keepToOneCPU()
		run(me, slices.Repeat([]string{"one"}, 20))

	default:
		fmt.Fprintf(os.Stderr, "start-all-join-all: no role %q\n", me)
		os.Exit(125)
	}
}

func held(me syncpoint.Role) {
	me.Reach("held")
}

func run(me syncpoint.Role, children []string) {
	commands := commands(children)
	me.Reach("ready")
	outcomes := startalljoinall.Run(commands)
	say(me, children, outcomes)
	me.Reach("returned")
}

func say(me syncpoint.Role, children []string, outcomes []startalljoinall.Outcome) {
	me.Say("outcomes", len(outcomes))
	times := map[string]int{}
	for i, child := range children[:min(len(children), len(outcomes))] {
		if times[child]++; times[child] > 1 { // the second of its role, as the scenarios name it
			child = fmt.Sprintf("%s.%d", child, times[child])
		}
		me.Say(child, sentence(outcomes[i]))
		me.Say(child+"-code", outcomes[i].Code)
	}
}

// commands runs each child's role in this same program, alone by that name; missing has no program, folder no file, and
// empty not a word.
func commands(children []string) (all [][]string) {
	for _, child := range children {
		switch child {
		case "missing":
			all = append(all, []string{"/no/such/program", child})
		case "folder":
			all = append(all, []string{"/", child})
		case "empty":
			all = append(all, nil)
		case "alone": // the path of this program, and nothing else
			path, err := filepath.Abs(child)
			must(err)
			must(os.Symlink(executable(), path))
			all = append(all, []string{path})
		case "arguments":
			all = append(all, []string{executable(), child, "two  words", "", "$HOME"})
		default:
			all = append(all, []string{executable(), child})
		}
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

// keepToOneCPU begins this program again on a single CPU, so that runtime.NumCPU is 1 on every machine.
func keepToOneCPU() {
	if runtime.NumCPU() == 1 {
		return
	}
	runtime.LockOSThread() // the affinity is this thread's
	var ours, one unix.CPUSet
	must(unix.SchedGetaffinity(0, &ours))
	for cpu := 0; one.Count() == 0; cpu++ {
		if ours.IsSet(cpu) {
			one.Set(cpu)
		}
	}
	must(unix.SchedSetaffinity(0, &one))
	must(syscall.Exec(executable(), os.Args, os.Environ()))
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

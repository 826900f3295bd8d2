// Package program is what the scenarios of target run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/02-target"
)

// child is the name that every process of this program speaks under before its role is known, and in a target. Those
// that a scenario starts have their name already, so it stays with the children.
const child = syncpoint.Role("child")

// Main runs the role named by the first argument.
func Main() {
	child.Reach("begun")
	target.Register("hold", func([]string, map[string]string) { child.Reach("running") })
	target.Register("exit-7", func([]string, map[string]string) { os.Exit(7) })
	target.Register("leave", func([]string, map[string]string) { must(ordinary().Start()) })
	target.Register("run-again", func([]string, map[string]string) {
		must(runAgain())
		child.Reach("ran-again")
	})
	for name, p := range payloads {
		target.Register(name, func(args []string, kwargs map[string]string) {
			child.Say("payload", name)
			p.receive(args, kwargs)
		})
	}
	target.Main()
	child.Reach("main-body")

	me := arrange.Role(`
		pass text|any-bytes|nothing|one-empty|large
		wait-twice TARGET`)
	switch me {
	case "start-one":
		p := target.New(target.Options{Target: "hold"})
		me.Say("pid-before", p.PID())
		me.Reach("created")
		must(p.Start())
		me.Say("pid", p.PID())
		me.Reach("started")
		must(p.Wait())
		me.Reach("waited")

	case "pass":
		pass(me, os.Args[2])

	case "pass-two": // the second one at the point other, also while the first Start has not returned
		done := make(chan bool)
		go func() {
			me.Reach("other")
			pass(me, "any-bytes")
			close(done)
		}()
		pass(me, "text")
		<-done

	case "default-names":
		var names []string
		for _, name := range []string{"", "watcher", ""} {
			names = append(names, create(me, target.Options{Target: "hold", Name: name}).Name())
		}
		me.Say("names", strings.Join(names, " "))
		me.Reach("named")

	case "no-target":
		p := create(me, target.Options{})
		start(me, p)
		must(p.Wait())
		me.Reach("waited")

	case "wait-twice":
		p := create(me, target.Options{Target: os.Args[2]})
		start(me, p)
		refused(me, p.Wait())
		refused(me, p.Wait())

	case "start-two":
		first, second := create(me, target.Options{Target: "hold"}), create(me, target.Options{Target: "exit-7"})
		start(me, first)
		start(me, second)
		must(first.Wait())
		me.Reach("waited")
		refused(me, second.Wait())

	case "run-again":
		p := create(me, target.Options{Target: "run-again"})
		start(me, p)
		must(p.Wait())
		me.Reach("waited")
		must(runAgain())
		me.Reach("ran-again")
		cmd := ordinary()
		_, err := cmd.StdinPipe() // open for as long as that one runs, and nobody writes to it
		must(err)
		must(cmd.Run())
		me.Reach("ran-with-input")
		bare := ordinary()
		bare.Args = bare.Args[:1]
		must(bare.Run())
		me.Reach("ran-without-arguments")

	case "ordinary", "":
		// all that it has to do is to come here

	case "start-twice":
		p := create(me, target.Options{Target: "hold"})
		start(me, p)
		refused(me, p.Start())
		must(p.Wait())
		me.Reach("waited")
		err := p.Start()
		me.Say("pid", p.PID())
		refused(me, err)

	case "unknown-target":
		p := create(me, target.Options{Target: "nobody-registered-this"})
		err := p.Start()
		me.Say("pid", p.PID())
		refused(me, err)

	case "limited": // at first it can open nothing, and in the end it has an environment that is too large
		p := create(me, target.Options{Target: "hold"})
		me.Say("wait", verdict(p.Wait()))
		me.Reach("asked")
		var err error
		arrange.Descriptors(0, func() { err = p.Start() })
		me.Say("start", verdict(err))
		me.Say("pid", p.PID())
		me.Reach("limited")
		start(me, p)
		must(p.Wait())
		me.Reach("waited")

		p = target.New(target.Options{})
		arrange.Environment(func() { err = p.Start() })
		me.Say("start", verdict(err))
		me.Say("pid", p.PID())
		me.Reach("crowded")
		if err != nil { // else the child has got another environment
			start(me, p)
		}
		must(p.Wait())
		me.Reach("done")

	default:
		fmt.Fprintf(os.Stderr, "target: no role %q\n", me)
		os.Exit(125)
	}
}

func create(me syncpoint.Role, o target.Options) *target.Process {
	p := target.New(o)
	me.Reach("created")
	return p
}

func start(me syncpoint.Role, p *target.Process) {
	must(p.Start())
	me.Reach("started")
}

// pass hands the arguments of one case to a child, and waits for its end.
func pass(me syncpoint.Role, name string) {
	args, kwargs := payloads[name]()
	p := create(me, target.Options{Target: name, Args: args, Kwargs: kwargs})
	start(me, p)
	must(p.Wait())
}

// runAgain starts this program with the role ordinary and waits for its end.
func runAgain() error { return ordinary().Run() }

// ordinary describes a run of this program with the role ordinary, as anybody may start it. It inherits the environment.
func ordinary() *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, "ordinary")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
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

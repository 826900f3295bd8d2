// Package program is what the scenarios of isolation run: kit code around the learner's functions.
package program

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/14-isolation"
)

// child is the name that every process of this program speaks under before its role is known, and in a function. Those
// that a scenario starts have their name already, so it stays with the children.
const child = syncpoint.Role("child")

// Main runs the role named by the first argument.
func Main() {
	child.Reach("begun")
	for name, f := range functions {
		isolation.Register(name, f)
	}
	isolation.Main()
	child.Reach("main-body")
	os.Args[0] = "isolation" // as if it was found on PATH, so that it says nothing about where the program is
	me := arrange.Role("fail FUNCTION")
	switch me {
	case "one":
		s := written(100)
		c := start(me, "count", s)
		me.Say("state", s.comparedTo(written(100)))
		me.Reach("started")
		me.Say("message", receive(c))
		me.Reach("received")
		me.Say("end", receive(c))
		me.Say("state", s.comparedTo(written(100)))
		me.Reach("ended")
		me.Say("end", receive(c))
		me.Reach("asked-again")

	case "three":
		three(me)

	case "one-after-another":
		s := written(100)
		for range 3 {
			c := start(me, "count", s)
			me.Reach("started")
			me.Say("message", receive(c))
			me.Say("end", receive(c))
			me.Say("state", s.comparedTo(written(100)))
			me.Say("files", files())
			me.Reach("ended")
		}

	case "change":
		changeState(me)

	case "two":
		s := written(100)
		first := startAtGate(me, "count", s)
		s.rewrite(200)
		second := startAtGate(me, "count", s)
		s.rewrite(300)
		me.Say("first", receive(first))
		me.Say("second", receive(second))
		me.Reach("received")

	case "long":
		c := start(me, "compare", long())
		me.Reach("started")
		me.Say("end", receive(c))
		me.Reach("ended")

	case "zero":
		c := start(me, "count", &State{})
		me.Say("message", receive(c))
		me.Reach("received")

	case "talk":
		c := start(me, "talk", written(100))
		me.Say("messages", heard(c, messages()))
		me.Reach("ended")

	case "later":
		c := start(me, "many", written(100))
		me.Reach("started")
		me.Say("messages", heard(c, many()))
		me.Reach("ended")

	case "fail":
		c := start(me, os.Args[2], written(100))
		me.Reach("started")
		me.Say("message", receive(c))
		me.Reach("received")
		me.Say("end", receive(c))
		me.Reach("ended")
		me.Say("end", receive(c))
		me.Reach("asked-again")

	case "nest":
		c := start(me, "nest", written(100))
		me.Reach("started")
		me.Say("message", receive(c))
		me.Reach("received")
		me.Say("end", receive(c))
		me.Reach("ended")

	case "others":
		others(me)

	case "program":
		me.Reach("running")
		fmt.Println("still here")
		fmt.Fprintln(os.Stderr, "still here, too")
		me.Reach("printed")

	case "limited":
		limited(me)

	case "unknown":
		_, err := isolation.Start("nobody-registered-this", written(100))
		if err == nil {
			me.Reach("accepted")
			return
		}
		me.Reach("refused")

	default:
		fmt.Fprintf(os.Stderr, "isolation: no role %q\n", me)
		os.Exit(125)
	}
}

// three starts three children, and receives from the first while it receives from the others.
func three(me syncpoint.Role) {
	s := written(100)
	var children []*isolation.Child
	for range 3 {
		children = append(children, start(me, "count", s))
		me.Say("state", s.comparedTo(written(100)))
		me.Reach("started")
	}
	done := make(chan bool)
	go func() {
		me.Say("first", receive(children[0]))
		me.Reach("first-received")
		close(done)
	}()
	me.Reach("receiving")
	for _, c := range children[1:] {
		me.Say("message", receive(c))
		me.Reach("received")
		me.Say("end", receive(c))
		me.Reach("ended")
	}
	<-done
	me.Say("state", s.comparedTo(written(100)))
	me.Reach("done")
}

// others starts three children: one that fails, one whose function returns, and one of its own that is not Start's. All
// have ended when it receives from the second.
func others(me syncpoint.Role) {
	runtime.LockOSThread() // to wait for any child finds those of the same thread first, and of these the oldest
	var children []*isolation.Child
	for _, name := range []string{"exit-3", "tell"} {
		children = append(children, start(me, name, written(100)))
		me.Reach("started")
	}
	own := runProgram("program")
	me.Reach("started")
	for _, c := range []*isolation.Child{children[1], children[0]} {
		me.Say("message", receive(c))
		me.Say("end", receive(c))
		me.Reach("ended")
	}
	if err := own.Wait(); err == nil {
		me.Say("own", "waited for")
	}
	me.Reach("waited")
	runProgram()
}

// limited calls Start while this process can open nothing more, and then with an environment with which nothing can be started.
// Nobody tidies up in place of Start meanwhile.
func limited(me syncpoint.Role) {
	debug.SetGCPercent(-1)
	var err error
	arrange.Descriptors(0, func() { _, err = isolation.Start("tell", written(100)) })
	me.Say("without-room", err == nil)
	me.Say("with-long-variable", "refused")
	arrange.Environment(func() {
		if c, err := isolation.Start("tell", written(100)); err == nil {
			me.Say("with-long-variable", receive(c)+", "+receive(c))
		}
	})
	me.Say("files", files())
	me.Reach("asked")
	c := start(me, "count", written(100))
	me.Say("message", receive(c))
	me.Say("end", receive(c))
	me.Reach("ended")
}

// runProgram runs this program by os/exec: it is no child that Main would have to do with.
func runProgram(arguments ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, arguments...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

func start(me syncpoint.Role, name string, s *State) *isolation.Child {
	c, err := isolation.Start(name, s)
	must(err)
	return c
}

// startAtGate returns when Start has returned and the scenario has opened the gate. It does that when everything is at rest:
// what Start has left to others is done then, and the child that was started first has begun first.
func startAtGate(me syncpoint.Role, name string, s *State) *isolation.Child {
	opened := make(chan bool)
	go func() {
		me.Reach("gate")
		close(opened)
	}()
	c := start(me, name, s)
	<-opened
	return c
}

// receive is what Receive returns: a short message as it is, or what became of it.
func receive(c *isolation.Child) string {
	message, err := c.Receive()
	switch {
	case err == io.EOF: // itself, as a reader returns it
		return "end of file"
	case err != nil:
		fmt.Fprintln(os.Stderr, "received:", err)
		return "an error"
	case message == large():
		return "large"
	case len(message) > 100:
		return "damaged"
	}
	return message
}

// files are those in this folder, which is the temporary one too, that are not the kit's.
func files() int {
	n := 0
	here, err := os.ReadDir(".")
	must(err)
	for _, f := range here {
		name := f.Name()
		if name != ".bin" && name != ".tmp" && !strings.HasSuffix(name, ".stdout") && !strings.HasSuffix(name, ".stderr") {
			n++
		}
	}
	return n
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

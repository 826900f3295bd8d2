// Package program is what the scenarios of terminate run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"forklings/checker/syncpoint"
	"forklings/exercises/13-terminate"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "plain", "grandchild", "bystander":
		me.Reach("held")

	case "tidy":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
		me.Reach("ready")
		if <-asked == syscall.SIGTERM {
			me.Reach("cleaning")
		} else {
			me.Reach("misled")
		}

	case "stubborn":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		me.Reach("held")

	case "family":
		exe, err := os.Executable()
		must(err)
		grandchild := exec.Command(exe, "grandchild")
		grandchild.Stdout = os.Stdout
		must(grandchild.Start())
		me.Reach("held")

	case "terminate":
		child := start(me)
		must(child.Terminate())
		me.Reach("returned")
		must(child.Join())
		me.Reach("joined")

	case "kill":
		child := start(me)
		must(child.Kill())
		me.Reach("returned")
		must(child.Join())
		me.Reach("joined")

	case "stop":
		grace, err := time.ParseDuration(os.Args[3])
		must(err)
		child := start(me)
		must(child.Stop(grace))
		me.Reach("returned")
		must(child.Join())
		me.Reach("joined")

	case "stop-while-joining":
		child := start(me)
		joined := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("joined")
			close(joined)
		}()
		me.Reach("joining")
		must(child.Stop(time.Hour))
		me.Reach("returned")
		<-joined

	case "after-join":
		child := start(me)
		must(child.Join())
		me.Reach("joined")
		must(child.Terminate())
		me.Reach("terminated")
		must(child.Kill())
		me.Reach("killed")
		must(child.Stop(time.Hour))
		me.Reach("stopped")

	case "terminate-unstarted":
		child := unstarted(me)
		refused(me, child.Terminate())

	case "kill-unstarted":
		child := unstarted(me)
		refused(me, child.Kill())

	case "stop-unstarted":
		child := unstarted(me)
		refused(me, child.Stop(time.Hour))

	default:
		fmt.Fprintf(os.Stderr, "terminate: no role %q\n", me)
		os.Exit(125)
	}
}

// start starts a child in the role that the second argument names.
func start(me syncpoint.Role) *terminate.Process {
	child := terminate.New(os.Args[2])
	me.Reach("described")
	must(child.Start())
	me.Reach("started")
	return child
}

func unstarted(me syncpoint.Role) *terminate.Process {
	child := terminate.New("plain")
	me.Reach("described")
	return child
}

func refused(me syncpoint.Role, err error) {
	if err == nil {
		me.Reach("accepted")
	}
	me.Reach("refused")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

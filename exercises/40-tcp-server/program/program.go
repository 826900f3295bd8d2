// Package program is what the scenarios of tcp-server run: kit code around the learner's functions.
package program

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/40-tcp-server"
)

// Main runs the role named by the first argument.
func Main() {
	tcpserver.Main(answer)
	me := arrange.Role(`
		row N
		client|other|late STEP...`)
	switch me {
	case "server", "second":
		server(me)

	case "unserved": // closes before it serves
		s, err := tcpserver.Listen(ip(0) + ":0")
		must(err)
		address := s.Address()
		must(s.Close())
		me.Say("left", reachable(address))
		must(s.Serve())
		me.Reach("served")

	case "client", "other", "late":
		converse(me, os.Args[2:])
	case "crowd":
		crowd(me)
	case "row":
		n, err := strconv.Atoi(os.Args[2])
		must(err)
		row(me, n)
	case "pair":
		pair(me)

	case "neighbour":
		me.Reach("held")
		os.Exit(7)
	case "bystander":
		me.Reach("there")
	case "":
		// it was enough to come here

	default:
		// A handler that is not told from other processes comes here too.
		syncpoint.Role("stray").Reach("main-body")
		fmt.Fprintf(os.Stderr, "tcp-server: no role %q\n", me)
		os.Exit(125)
	}
}

// answer is what the service does with a line: upper case. Some lines are held, and some do harm.
func answer(line string) string {
	me := syncpoint.Role("handler")
	switch word, _, _ := strings.Cut(line, " "); word {
	case "quick", "":
	case "panic":
		me.Reach("thinking")
		aside := make(chan bool)
		go func() { panic("the handler panics") }()
		<-aside
	case "exit":
		me.Reach("thinking")
		os.Exit(3)
	case "outside": // this program again, in another role, and in none
		exe, err := os.Executable()
		must(err)
		exec.Command(exe, "bystander").Run()
		alone := exec.Command(exe)
		alone.Stderr = os.Stderr
		me.Say("alone", verdict(alone.Run()))
		me.Reach("back")
	case "aloud":
		me.Reach("thinking")
		fmt.Fprintln(os.Stderr, line)
	default:
		me.Reach("thinking")
	}
	return strings.ToUpper(line)
}

// listen takes the address that the scenario's first server has had, or else a new one.
func listen(me syncpoint.Role) *tcpserver.Server {
	address, known := lastAddress(noted)
	if !known {
		address = ip(0) + ":0"
	}
	me.Say("left", known && reachable(address))
	s, err := tcpserver.Listen(address)
	must(err)
	_, port, err := net.SplitHostPort(s.Address())
	must(err)
	switch {
	case known && s.Address() != address, !known && s.Address() != ip(0)+":"+port:
		me.Say("address", "another")
	case reachable(ip(1) + ":" + port):
		me.Say("address", "all")
	default:
		me.Say("address", "right")
	}
	note(noted, s.Address())
	return s
}

// server serves. Beside it, steps are taken that the arguments name, each behind a point of its name.
func server(me syncpoint.Role) {
	s := listen(me)
	me.Reach("listening")
	go func() {
		before := 0
		for _, step := range os.Args[2:] {
			me.Reach(step)
			switch step {
			case "close":
				must(s.Close())
				me.Reach("closed")
			case "again":
				_, err := tcpserver.Listen(s.Address())
				me.Say("again", verdict(err))
				me.Reach("told")
			case "neighbour":
				exe, err := os.Executable()
				must(err)
				must(exec.Command(exe, "neighbour").Start())
			case "crowd": // meanwhile it can accept a client, and start no process that has its environment
				arrange.Environment(func() { me.Reach("crowded") })
				me.Reach("lifted")
			case "count":
				before = descriptors()
				me.Reach("counted")
			case "compare":
				me.Say("grown", descriptors()-before+arrange.Pidfds())
				me.Reach("compared")
			}
		}
		for { // else the Go runtime took a Serve that waits for nobody for deadlocked
			syscall.Pause()
		}
	}()
	err := s.Serve()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	me.Say("serve", verdict(err))
	me.Reach("served")
}

// pair serves at two addresses, and closes the first one behind a point.
func pair(me syncpoint.Role) {
	first, err := tcpserver.Listen(ip(0) + ":0")
	must(err)
	other, err := tcpserver.Listen(ip(0) + ":0")
	must(err)
	me.Say("differ", first.Address() != other.Address())
	note(noted, first.Address())
	note(notedOther, other.Address())
	me.Reach("listening")
	end := make(chan bool)
	go func() {
		must(other.Serve())
		me.Reach("other-served")
		close(end)
	}()
	go func() {
		me.Reach("close")
		must(first.Close())
		me.Reach("closed")
	}()
	must(first.Serve())
	me.Reach("served")
	<-end
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

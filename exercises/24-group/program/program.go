// Package program is what the scenarios of group run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/24-group"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		start-later ROLE
		over ROLE
		terminal ROLE [ARG...]
		login ROLE [ROLE]`)
	switch me {
	// The members: each says which group it was born in, and tells of every SIGHUP and SIGTERM.
	case "first", "second", "other", "late", "leader", "grandchild", "stray", "bystander":
		me.Say("group", syscall.Getpgrp())
		me.Say("args", fmt.Sprintf("%q", os.Args[2:]))
		listen(me)
		me.Reach("held")

	case "leaver": // is born in the group and goes into one of its own
		me.Say("group", syscall.Getpgrp())
		syscall.Setpgid(0, 0)
		listen(me)
		me.Reach("held")

	case "family": // has a child in its group, and one that went into a group of its own
		me.Say("group", syscall.Getpgrp())
		listen(me)
		child("grandchild", nil)
		child("stray", &syscall.SysProcAttr{Setpgid: true})
		me.Reach("held")

	case "signal":
		listen(me)
		child("bystander", nil)
		g, others := group.New(), group.New()
		me.Reach("described")
		first := start(g, "family")
		in, _ := syscall.Getpgid(first) // at once: the child may not have run yet
		me.Say("first-in", in)
		me.Say("first", first)
		me.Reach("started")
		me.Say("second", start(g, "second", "a b", ""))
		me.Reach("both")
		start(others, "other")
		start(g, "leaver")
		me.Say("group", syscall.Getpgrp())
		me.Reach("all")
		must(g.Signal(syscall.SIGHUP))
		me.Reach("signalled")
		must(others.Signal(syscall.SIGTERM))
		me.Reach("signalled-others")

	case "start-later": // the first member ends before the second is started
		listen(me)
		g := group.New()
		start(g, os.Args[2])
		me.Reach("started")
		start(g, "late")
		me.Reach("both")
		must(g.Signal(syscall.SIGHUP))
		me.Reach("signalled")
		must(g.Wait())
		me.Reach("waited")

	case "wait", "wait-interrupted":
		g, others := group.New(), group.New()
		start(g, "family")
		start(g, "second")
		start(g, "leaver")
		start(others, "other")
		me.Reach("started")
		if me == "wait-interrupted" {
			me.Interrupt("interrupting")
		}
		must(g.Wait())
		me.Reach("waited")
		must(g.Wait())
		me.Reach("waited-again")

	case "signal-while-waiting":
		g := group.New()
		start(g, "first")
		start(g, "second")
		me.Reach("started")
		done := make(chan bool)
		for _, point := range []string{"waited", "waited-too"} {
			go func() {
				must(g.Wait())
				me.Reach(point)
				done <- true
			}()
		}
		me.Reach("waiting")
		must(g.Signal(syscall.SIGSTOP))
		me.Reach("stopped")
		must(g.Signal(syscall.SIGCONT))
		me.Reach("continued")
		must(g.Signal(syscall.SIGKILL))
		<-done
		<-done

	case "ended": // all members have ended, and nobody has waited for them
		g := group.New()
		start(g, "first")
		start(g, "second")
		me.Reach("started")
		must(g.Signal(syscall.SIGTERM))
		me.Reach("signalled")
		must(g.Wait())
		me.Reach("waited")

	case "over":
		g := group.New()
		start(g, os.Args[2])
		me.Reach("started")
		must(g.Wait())
		me.Reach("waited")
		_, err := g.Start("late")
		me.Say("start", verdict(err))
		me.Reach("refused")
		me.Say("signal", verdict(g.Signal(syscall.SIGTERM)))
		me.Reach("signalled")

	case "too-soon":
		listen(me)
		child("bystander", nil)
		g := group.New()
		me.Reach("described")
		me.Say("signal", verdict(g.Signal(syscall.SIGHUP)))
		me.Reach("signalled")
		me.Say("wait", verdict(g.Wait()))
		me.Reach("waited")
		me.Say("wait", verdict(g.Wait()))
		me.Reach("waited-twice")
		_, err := g.Start("no\x00argument") // execve(2) knows none like that
		me.Say("failed", verdict(err))
		me.Say("signal", verdict(g.Signal(syscall.SIGHUP)))
		me.Say("wait", verdict(g.Wait()))
		me.Reach("tried")
		start(g, "first")
		me.Reach("started")
		must(g.Signal(syscall.SIGHUP))
		me.Reach("sent")
		_, err = g.Start("no\x00argument")
		me.Say("failed", verdict(err))
		me.Say("signal", verdict(g.Signal(syscall.SIGCONT)))
		me.Reach("tried-again")
		must(g.Wait())
		me.Reach("waited-again")

	case "terminal":
		terminal(me)
	case "login":
		login(me)
	case "shell", "job":
		useTerminal(me)
	case "switcher":
		switchGroups(me)

	default:
		fmt.Fprintf(os.Stderr, "group: no role %q\n", me)
		os.Exit(125)
	}
}

// listen tells of every SIGHUP and SIGTERM that this process gets, and goes on.
func listen(me syncpoint.Role) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	go func() {
		for s := range signals {
			me.Say("got", s)
			me.Reach("got")
		}
	}()
}

func start(g *group.Group, args ...string) int {
	pid, err := g.Start(args...)
	must(err)
	return pid
}

// child starts a child without the exercise's functions, which holds this process's output open.
func child(role string, attr *syscall.SysProcAttr) {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, role)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdout, os.Stderr, attr
	must(cmd.Start())
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

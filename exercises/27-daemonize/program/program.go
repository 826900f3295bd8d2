// Package program is what the scenarios of daemonize run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/27-daemonize"

	"golang.org/x/sys/unix"
)

// Main is what every process of this program runs.
func Main() {
	daemonize.Guard(serve)

	me := arrange.Role(`
		starter|challenger FILE [ARG...]
		starter-of-doomed|starter-without-room|starter-limited|stopper|stopper-unable|stopper-limited|stopper-interrupted|looker|pipeline|piped|terminal|shell FILE
		forger FILE [LINE...]
		nest ROLE [ARG...]`)
	switch me {
	case "starter", "challenger":
		start(me, arguments()...)
		me.Say("pid-file", content(pidFile()))
		me.Reach("looked")

	case "starter-in-folder":
		must(os.Mkdir("folder", 0o777))
		report(me, daemonize.Start(filepath.Join("folder", "service.pid"), "service"), "started")
		me.Say("pid-file", content(filepath.Join("folder", "service.pid")))
		me.Reach("looked")

	case "starter-in-nowhere":
		before := ofProcess()
		err := daemonize.Start(filepath.Join("nowhere", "service.pid"), "service")
		me.Say("changed", before.unlike(ofProcess()))
		report(me, err, "started")

	case "starter-of-doomed":
		startWith(me, unix.RLIMIT_LOCKS, doomed)

	case "starter-without-room":
		startWith(me, unix.RLIMIT_FSIZE, 0)

	case "starter-limited":
		limited(me, "started", func() error { return daemonize.Start(pidFile(), "service") })

	case "nest":
		nest(me)

	case "stopper", "stopper-interrupted":
		if me == "stopper-interrupted" { // a signal interrupts a call (EINTR)
			arrange.Interruptible()
			me.Interrupt("interrupting")
		}
		before := ofProcess()
		err := daemonize.Stop(pidFile())
		me.Say("changed", before.unlike(ofProcess()))
		report(me, err, "stopped")
		me.Say("pid-file", content(pidFile()))
		me.Reach("looked")
		me.Say("pidfds", arrange.Pidfds())
		me.Reach("counted")

	case "stopper-limited":
		limited(me, "stopped", func() error { return daemonize.Stop(pidFile()) })

	case "stopper-unable":
		before := ofProcess()
		var err error
		writeProtected(filepath.Dir(pidFile()), func() { err = daemonize.Stop(pidFile()) })
		me.Say("changed", before.unlike(ofProcess()))
		me.Say("pid-file", content(pidFile()))
		report(me, err, "stopped")

	case "looker":
		me.Say("pid-file", content(pidFile()))
		me.Reach("looked")

	case "forger":
		must(os.WriteFile(pidFile(), []byte(strings.Join(os.Args[3:], "\n")), 0o666))
		me.Reach("forged")

	case "pipeline":
		pipeline(me)

	case "piped":
		holdPipe()
		start(me, "service")

	case "terminal":
		terminal(me)

	case "shell":
		me.Say("terminal", controlling())
		start(me, "service")

	case "stranger", "helper":
		me.Reach("held")

	default:
		fmt.Fprintf(os.Stderr, "daemonize: no role %q\n", me)
		os.Exit(125)
	}
}

// start starts a daemon, and says what that has changed in the caller.
func start(me syncpoint.Role, args ...string) {
	before := ofProcess()
	err := daemonize.Start(pidFile(), args...)
	me.Say("changed", before.unlike(ofProcess()))
	report(me, err, "started")
}

// arguments are what the daemon is given; \n stands for the end of a line. A reader gets the PID file, too.
func arguments() []string {
	var args []string
	for _, arg := range os.Args[3:] {
		args = append(args, strings.ReplaceAll(arg, `\n`, "\n"))
	}
	if len(args) > 0 && args[0] == "reader" {
		args = append(args, pidFile())
	}
	return args
}

// pidFile is the file that the second argument names, with its whole path.
func pidFile() string {
	path, err := filepath.Abs(os.Args[2])
	must(err)
	return path
}

// report comes to the point, or to refused when there is an error.
func report(me syncpoint.Role, err error, point string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		point = "refused"
	}
	me.Reach(point)
}

// content is what the file holds, without the white space around it.
func content(path string) string {
	text, err := os.ReadFile(path)
	switch {
	case os.IsNotExist(err):
		return "none"
	case err != nil:
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

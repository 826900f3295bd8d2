// Package program is what the scenarios of init run: kit code around the learner's function.
package program

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/23-init"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		init|init-own|container ROLE [ARG...]
		main|family STATUS
		sender PID N...`)
	switch me {
	case "init": // the main program's role and arguments
		runInit(me, executable(), os.Args[2:])

	case "init-parent": // of a child that it had before
		runtime.GOMAXPROCS(4)
		start("plain")
		runInit(me, slow, nil)

	case "init-slow":
		runtime.GOMAXPROCS(4) // the one that starts keeps its own from the others, however few CPUs there are
		go func() {
			me.Reach("beside")
			me.Reach("beside-again")
		}()
		runInit(me, slow, nil)

	case "init-own": // the main program's role and arguments
		signal.Ignore(syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTERM)
		own := make(chan os.Signal, 1)
		signal.Notify(own, syscall.SIGUSR1)
		go func() {
			<-own
			me.Reach("heard")
		}()
		runInit(me, executable(), os.Args[2:])

	case "init-missing":
		signal.Ignore(syscall.SIGQUIT)
		_, err := pid1.Run("./missing")
		me.Say("missing", verdict(err))
		me.Reach("returned")

	case "main": // its exit status
		hear(me)
		me.Reach("held")
		exit(os.Args[2])

	case "family": // its exit status
		if os.Getenv("GODEBUG") == "" { // before it hears: its own child's SIGCHLD is not to be told
			run("middle")
		}
		hear(me)
		me.Reach("alone")
		exit(os.Args[2])

	case "middle":
		start("orphan")
		start("orphan")
		me.Reach("held")

	case "orphan":
		hear(me)
		me.Reach("held")
		os.Exit(3)

	case "described": // any arguments
		me.Say("args", fmt.Sprintf("%q", os.Args[2:]))
		me.Say("environment", os.Getenv("FORKLINGS_INIT"))
		_, err := os.Stat("main-works-here")
		me.Say("directory", verdict(err))
		line, _ := io.ReadAll(os.Stdin)
		me.Say("input", strings.TrimSpace(string(line)))
		fmt.Println("out")
		fmt.Fprintln(os.Stderr, "err")
		me.Reach("held")

	case "plain":
		me.Reach("held")

	case "counter":
		count(me, 40)

	case "sender": // a PID, and numbers of signals
		for _, sig := range os.Args[3:] {
			must(syscall.Kill(number(os.Args[2]), syscall.Signal(number(sig))))
		}
		me.Reach("sent")

	case "keeper":
		keep(me)

	case "inherit":
		inherit(me)

	case "container": // the arguments of init
		contain(me)

	case "boot":
		boot()

	default:
		fmt.Fprintf(os.Stderr, "init: no role %q\n", me)
		os.Exit(125)
	}
}

// init keeps the main program's parent on the first thread, which is given the orphans, too: a wait for any child finds those that
// one thread has in the order of their coming, and then those of the next thread.
func init() { arrange.FirstThread("init", "init") }

// runInit is the init: all that a real one does besides.
func runInit(me syncpoint.Role, path string, args []string) {
	must(os.Setenv("FORKLINGS_INIT", "a b"))
	must(os.MkdirAll("elsewhere/main-works-here", 0o755))
	if path != slow {
		must(os.Chdir("elsewhere"))
	}
	feed("a line\n")
	me.Reach("ready")
	status, err := pid1.Run(path, args...)
	must(err)
	me.Say("status", status)
	me.Reach("returned")
	os.Exit(status)
}

// feed makes this text the standard input.
func feed(text string) {
	var ends [2]int
	must(unix.Pipe2(ends[:], unix.O_CLOEXEC))
	_, err := unix.Write(ends[1], []byte(text))
	must(err)
	must(unix.Close(ends[1]))
	must(unix.Dup3(ends[0], 0, 0))
	must(unix.Close(ends[0]))
}

// hear tells of every signal that this process gets, SIGCHLD and SIGURG included. It must not send any SIGURG to itself, as
// the Go runtime does to interrupt a goroutine, so it begins again without that.
func hear(me syncpoint.Role) {
	const quiet = "asyncpreemptoff=1"
	if os.Getenv("GODEBUG") != quiet {
		must(os.Setenv("GODEBUG", quiet))
		must(syscall.Exec(executable(), os.Args, os.Environ()))
	}
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	go func() {
		var names []string
		for s := range signals {
			name := unix.SignalName(s.(syscall.Signal))
			if name == "" { // a real-time signal
				name = strconv.Itoa(int(s.(syscall.Signal)))
			}
			if slices.Contains(names, name) {
				me.Say("twice", "yes")
			}
			names = append(names, name)
			me.Say("signals", strings.Join(names, " "))
			me.Reach("told")
		}
	}()
}

// start starts this program in another role, without the learner's package.
func start(role string) *exec.Cmd {
	cmd := exec.Command(executable(), role)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

func run(role string) { must(start(role).Wait()) }

func exit(status string) { os.Exit(number(status)) }

func number(text string) int {
	n, err := strconv.Atoi(text)
	must(err)
	return n
}

func executable() string {
	exe, err := os.Executable()
	must(err)
	return exe
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

// Package program is what the scenarios of terminate run: kit code around the learner's functions.
package program

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/13-terminate"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		terminate|kill|ask-while-stopping|stop-while-stopping|join-while-joining|after-end|after-join|too-soon|refused ROLE
		stop|stop-while-joining ROLE DURATION
		two ROLE ROLE`)
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
		os.Exit(3)

	case "unmoved":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		me.Reach("ready")
		for range asked {
			me.Reach("asked")
		}

	case "family":
		haveChild()
		me.Reach("held")

	case "stubborn":
		haveChild() // before, as what is ignored is inherited
		signal.Ignore()
		me.Reach("held")

	case "terminate":
		child := start(me)
		must(child.Terminate())
		me.Say("pending", pending())
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
		child := start(me)
		me.Interrupt("stopping")
		stop(me, child)
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
		stop(me, child)
		me.Reach("returned")
		<-joined

	case "ask-while-stopping":
		child := start(me)
		must(child.Terminate())
		me.Reach("terminated")
		stopped := make(chan bool)
		go func() {
			must(child.Stop(math.MaxInt64))
			me.Reach("stopped")
			close(stopped)
		}()
		me.Reach("stopping")
		must(child.Terminate())
		me.Reach("terminated-again")
		must(child.Kill())
		me.Reach("killed")
		<-stopped

	case "stop-while-stopping":
		child := start(me)
		stopped := make(chan bool)
		go func() {
			must(child.Stop(math.MaxInt64))
			me.Reach("stopped")
			close(stopped)
		}()
		me.Reach("stopping")
		must(child.Stop(0))
		me.Reach("stopped-at-once")
		<-stopped

	case "join-while-joining":
		child := start(me)
		joined := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("joined-too")
			close(joined)
		}()
		me.Reach("joining")
		must(child.Join())
		me.Reach("joined")
		<-joined

	case "two":
		first := start(me)
		second := terminate.New(os.Args[3])
		must(second.Start())
		me.Reach("both")
		stopped := make(chan bool)
		go func() {
			must(first.Stop(math.MaxInt64))
			me.Reach("first-stopped")
			close(stopped)
		}()
		me.Reach("stopping")
		must(second.Stop(time.Hour))
		me.Reach("second-stopped")
		<-stopped

	case "after-end":
		child := start(me)
		askEnded(me, child)
		must(child.Join())
		me.Reach("joined")

	case "after-join":
		child := start(me)
		must(child.Join())
		me.Reach("joined")
		must(child.Join())
		must(child.Join())
		me.Reach("joined-thrice")
		askEnded(me, child)

	case "refused": // the scenario sees to it that nobody may signal the child
		child := start(me)
		me.Say("terminate", verdict(child.Terminate()))
		me.Reach("terminated")
		me.Say("kill", verdict(child.Kill()))
		me.Reach("killed")
		must(child.Join())
		me.Reach("joined")

	case "unstartable": // an argument has at most 32 pages (execve(2))
		child := terminate.New("plain", strings.Repeat("x", 32*os.Getpagesize()))
		me.Say("start", verdict(child.Start()))
		me.Reach("refused")
		me.Say("terminate", verdict(child.Terminate()))
		me.Reach("terminated")
		me.Say("kill", verdict(child.Kill()))
		me.Reach("killed")
		me.Say("stop", verdict(child.Stop(time.Hour)))
		me.Reach("stopped")
		me.Say("join", verdict(child.Join()))
		me.Reach("joined")

	case "too-soon":
		child := terminate.New(os.Args[2])
		me.Reach("described")
		me.Say("terminate", verdict(child.Terminate()))
		me.Reach("terminated")
		me.Say("kill", verdict(child.Kill()))
		me.Reach("killed")
		me.Say("stop", verdict(child.Stop(time.Hour)))
		me.Reach("stopped")
		me.Say("join", verdict(child.Join()))
		me.Reach("joined")
		must(child.Start())
		me.Reach("started")

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

// stop stops the child with the grace that the third argument names, and says whether a child was left then, and whether
// the grace was over.
func stop(me syncpoint.Role, child *terminate.Process) {
	grace, err := time.ParseDuration(os.Args[3])
	must(err)
	began := time.Now()
	must(child.Stop(grace))
	me.Say("left", left())
	if time.Since(began) < grace {
		me.Say("grace", "left")
	} else {
		me.Say("grace", "over")
	}
}

func askEnded(me syncpoint.Role, child *terminate.Process) {
	must(child.Terminate())
	me.Reach("terminated")
	must(child.Kill())
	me.Reach("killed")
	must(child.Stop(time.Hour))
	me.Reach("stopped")
}

// haveChild starts a grandchild of the scenario's parent, which holds the child's output open.
func haveChild() {
	exe, err := os.Executable()
	must(err)
	grandchild := exec.Command(exe, "grandchild")
	grandchild.Stdout, grandchild.Stderr = os.Stdout, os.Stderr
	must(grandchild.Start())
}

// pending tells whether SIGTERM waits for this process's only child (proc_pid_status(5)).
func pending() string {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		pid, _ := os.ReadFile(list)
		status, _ := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/status")
		for line := range strings.Lines(string(status)) {
			set, ok := strings.CutPrefix(line, "ShdPnd:")
			if bits, _ := strconv.ParseUint(strings.TrimSpace(set), 16, 64); ok && bits>>(syscall.SIGTERM-1)&1 == 1 {
				return "SIGTERM"
			}
		}
	}
	return "nothing"
}

// left is the state of this process's only child (proc_pid_stat(5)).
func left() string {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for pid := range strings.FieldsSeq(string(text)) {
			if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil {
				return string(stat[bytes.LastIndexByte(stat, ')')+2])
			}
		}
	}
	return "nothing"
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

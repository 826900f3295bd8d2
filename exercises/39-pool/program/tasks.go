package program

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/39-pool"
)

// answer is what the tasks return that come to their end: the argument, or 4 MB for "much".
func answer(arg string) string {
	if arg == "much" {
		return strings.Repeat(arg, 1<<20)
	}
	return arg
}

// heavy is a task's argument of 4 MB, which begins with a name.
func heavy(name string) string { return name + strings.Repeat(" ", 4<<20) }

// complaint is the text of the error that some tasks return.
func complaint(arg string) string { return "the tray is empty: " + arg }

// counted is how many tasks of a kind this worker has had.
var counted int

// tasks come to their points in a role that is named by the argument: so a worker is named after its first task.
var tasks = map[string]pool.Task{
	"work": func(arg string) (string, error) {
		me := syncpoint.Role(arg)
		me.Say("task", arg)
		me.Reach("working")
		return answer(arg), nil
	},

	"heavy": func(arg string) (string, error) {
		name := strings.TrimRight(arg, " ")
		syncpoint.Role(name).Reach("working")
		return answer(name), nil
	},

	"stubborn": func(arg string) (string, error) {
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		me := syncpoint.Role(arg)
		me.Reach("working")
		return answer(arg), nil
	},

	"launch": func(arg string) (string, error) {
		must(ordinary("stranger").Start())
		me := syncpoint.Role(arg)
		me.Reach("launched")
		return answer(arg), nil
	},

	"prints": func(arg string) (string, error) {
		fmt.Println("the task prints a line")
		fmt.Fprintln(os.Stderr, "the task reports a line")
		return answer(arg), nil
	},

	"echo":                func(arg string) (string, error) { return answer(arg), nil },
	"complain":            func(arg string) (string, error) { return "", errors.New(complaint(arg)) },
	"complain-of-nothing": func(string) (string, error) { return "", errors.New("") },
	"pid":                 func(string) (string, error) { return fmt.Sprint(os.Getpid()), nil },
	"count":               func(string) (string, error) { counted++; return fmt.Sprint(counted), nil },

	"panics": func(arg string) (string, error) { panic("out of paper") },
	"exits":  func(arg string) (string, error) { os.Exit(0); return answer(arg), nil },
}

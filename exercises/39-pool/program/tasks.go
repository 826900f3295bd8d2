package program

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/39-pool"
)

// answer is what the tasks return that come to their end.
func answer(arg string) string { return arg }

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

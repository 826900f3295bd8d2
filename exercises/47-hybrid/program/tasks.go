package program

import (
	"os"
	"strings"

	"forklings/checker/syncpoint"
	hybrid "forklings/exercises/47-hybrid"

	"golang.org/x/sys/unix"
)

// The inputs of most tasks are two words: the name under which the process is to appear, and a point.
var tasks = map[string]hybrid.Task{
	"hold": func(input string) string {
		me, point := arrive(input)
		me.Reach(point)
		return point
	},
	"panic": func(input string) string {
		me, point := arrive(input)
		me.Reach(point)
		go panic("the job panics") // recover in the job's goroutine does not help
		never := make(chan bool)
		<-never
		return ""
	},
	"exit": func(input string) string {
		me, point := arrive(input)
		me.Reach(point)
		os.Exit(0)
		return ""
	},
	"echo":    func(input string) string { return "echo of " + input },
	"empty":   func(string) string { return "" },
	"compute": crunch,
	"primes":  primes,
	"ask":     ask,
}

// arrive says whether the job that has come here has a thread for itself.
func arrive(input string) (me syncpoint.Role, point string) {
	name, point, _ := strings.Cut(input, " ")
	me = syncpoint.Role(name)
	if ownThread() {
		me.Say("thread", "its own")
	} else {
		me.Say("thread", "shared")
	}
	return me, point
}

// ownThread: no other goroutine runs on this one's thread, although this one leaves it again and again.
func ownThread() bool {
	mine := unix.Gettid()
	for range 50 {
		other := make(chan int)
		go func() { other <- unix.Gettid() }()
		if <-other == mine {
			return false
		}
	}
	return true
}

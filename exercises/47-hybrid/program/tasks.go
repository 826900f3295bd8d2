package program

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	hybrid "forklings/exercises/47-hybrid"

	"golang.org/x/sys/unix"
)

// linger leaves a goroutine in this process that is in a system call for ever: a job may do that, and the process is to end
// all the same, and not because the Go runtime finds that everybody sleeps.
var linger = sync.OnceFunc(func() {
	go func() {
		for {
			syscall.Pause()
		}
	}()
})

// The inputs of most tasks are two words: the name under which the process is to appear, and a point.
var tasks = map[string]hybrid.Task{
	"hold": func(input string) string {
		linger()
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
	"large": func(input string) string {
		me, point := arrive(input)
		me.Reach(point)
		return large()
	},
	"outside": func(string) string { // this program again, in another role
		exec.Command(executable(), "bystander").Run()
		return "back"
	},
	"mark": func(input string) string { // leaves a file
		must(os.WriteFile(markFile(input), nil, 0o644))
		return input
	},
	"echo":    func(input string) string { return "echo of " + input },
	"empty":   func(string) string { return "" },
	"compute": crunch,
	"primes":  primes,
	"ask":     ask,
}

// markFile is what a job leaves that has come to its end.
func markFile(input string) string { return ".kit/mark-" + input }

// large is more than a pipe holds. It is made when it is asked for: this file is part of every exercise's program.
var large = sync.OnceValue(func() string { return strings.Repeat("0123456789abcdef", 1<<20/16) })

// shared: a job of this process has not had a thread for itself.
var shared struct {
	sync.Mutex
	seen bool
}

// arrive says whether the job that has come here, and all before it, have threads for themselves.
func arrive(input string) (me syncpoint.Role, point string) {
	name, point, _ := strings.Cut(input, " ")
	me = syncpoint.Role(name)
	own := ownThread()
	shared.Lock()
	defer shared.Unlock()
	shared.seen = shared.seen || !own
	me.Say("thread", map[bool]string{true: "shared", false: "its own"}[shared.seen])
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

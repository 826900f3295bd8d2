package program

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/20-sigchld"

	"golang.org/x/sys/unix"
)

const (
	crowd = 50     // children of fifty
	gate  = "gate" // a FIFO at which they stand until ender comes
)

// fifty starts many children, several at once, each with an exit status of its own.
func fifty(me syncpoint.Role) {
	runtime.GOMAXPROCS(2) // so that the machine has no say in how many threads there are
	sigchld.Handle()
	must(unix.Mkfifo(gate, 0o600))
	before := threads()
	var all [crowd]*sigchld.Child
	var starts sync.WaitGroup
	for first := range 5 {
		starts.Go(func() {
			for i := first; i < crowd; i += 5 {
				child, err := sigchld.Start("/bin/sh", "-c", `read line <"$0"; exit "$1"`, gate, strconv.Itoa(i+1))
				must(err)
				all[i] = child
			}
		})
	}
	starts.Wait()
	me.Reach("started")
	me.Say("threads", "few")
	if threads()-before > crowd/2 {
		me.Say("threads", "one for each child")
	}
	me.Reach("counted")
	me.Say("answers", "right")
	for i, child := range all {
		if answer, want := told(child.Ask()), fmt.Sprint("exited ", i+1); answer != want {
			me.Say("answers", answer+" for "+want)
		}
	}
	me.Reach("asked")
}

func threads() int {
	tasks, err := os.ReadDir("/proc/self/task")
	must(err)
	return len(tasks)
}

// endAll lets all children of a process end, and goes on when they have.
func endAll(me syncpoint.Role) {
	parent, err := strconv.Atoi(os.Args[2])
	must(err)
	var ends []unix.PollFd
	for _, pid := range children(parent) {
		fd, err := unix.PidfdOpen(pid, 0)
		must(err)
		ends = append(ends, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	me.Reach("ready")
	fifo, err := os.OpenFile(gate, os.O_WRONLY, 0)
	must(err)
	must(fifo.Close())
	for i := range ends {
		for {
			if _, err := unix.Poll(ends[i:i+1], -1); err != syscall.EINTR {
				must(err)
				break
			}
		}
	}
	me.Reach("all-ended")
}

// children are the PIDs of a process's children.
func children(parent int) (pids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, word := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(word)
			must(err)
			pids = append(pids, pid)
		}
	}
	return pids
}

package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/20-sigchld"

	"golang.org/x/sys/unix"
)

// inherit starts a program that is not written in Go while SIGCHLD is ignored, and looks at what it has inherited: the Go
// runtime would take SIGCHLD back at its start.
func inherit(me syncpoint.Role) {
	sigchld.Ignore()
	must(unix.Mkfifo(gate, 0o600))
	cat, err := exec.LookPath("cat")
	must(err)
	child, err := sigchld.Start(cat, gate)
	must(err)
	me.Reach("started")
	fifo, err := os.OpenFile(gate, os.O_WRONLY, 0) // comes back when cat has opened it too
	must(err)
	for _, pid := range children(os.Getpid()) {
		me.Say("inherited", "nothing")
		if ignores(pid, syscall.SIGCHLD) {
			me.Say("inherited", "SIGCHLD")
		}
	}
	waited := make(chan bool)
	go func() {
		me.Say("answer", told(child.Wait()))
		me.Reach("waited")
		close(waited)
	}()
	me.Reach("waiting")
	must(fifo.Close())
	<-waited
}

// atOnce starts such programs in several goroutines: the moment of one start is not that of another.
func atOnce(me syncpoint.Role) {
	runtime.GOMAXPROCS(4) // while one is in the kernel for its start the others go on, however few CPUs there are
	sigchld.Ignore()
	must(unix.Mkfifo(gate, 0o600))
	cat, err := exec.LookPath("cat")
	must(err)
	var all []*sigchld.Child
	for len(all) < crowd {
		var starts sync.WaitGroup
		var mutex sync.Mutex
		for range 5 {
			starts.Go(func() {
				for range 2 {
					child, err := sigchld.Start(cat, gate)
					must(err)
					mutex.Lock()
					all = append(all, child)
					mutex.Unlock()
				}
			})
		}
		starts.Wait()
		me.Reach("some-started")
	}
	me.Reach("started")
	me.Say("inherited", "nothing")
	for _, pid := range children(os.Getpid()) {
		if ignores(pid, syscall.SIGCHLD) {
			me.Say("inherited", "SIGCHLD")
		}
	}
	waited := make(chan bool)
	go func() {
		me.Say("answer", "unknown")
		for _, child := range all {
			if answer := told(child.Wait()); answer != "unknown" {
				me.Say("answer", answer)
			}
		}
		me.Reach("waited")
		close(waited)
	}()
	me.Reach("waiting")
	fifo, err := os.OpenFile(gate, os.O_WRONLY, 0)
	must(err)
	must(fifo.Close())
	<-waited
}

// ignores reads the SigIgn of a process, proc_pid_status(5).
func ignores(pid int, sig syscall.Signal) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(err)
	for line := range strings.Lines(string(status)) {
		if mask, found := strings.CutPrefix(line, "SigIgn:"); found {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			must(err)
			return bits>>(sig-1)&1 == 1
		}
	}
	return false
}

// slow is a program whose execve(2) takes as long as keeper wants.
const slow = "./slow"

// keep makes slow, which runs this program.
func keep(me syncpoint.Role) {
	arrange.SlowExec(me, slow, fmt.Sprintf("/proc/%d/exe late", os.Getpid()))
}

package program

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
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
	must(fifo.Close())
	me.Say("answer", told(child.Wait()))
	me.Reach("waited")
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

package supervisor

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// reap collects everything that has ended, adopted orphans included: one SIGCHLD can stand for many ends.
func reap() {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG|unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || pid == 0 {
			return
		}
		happened(pid, status)
	}
}

// happened takes what wait4 gave.
func happened(pid int, status unix.WaitStatus) {
	if tracer != nil && (!tracer.Handle(pid, status) || unix.Access(fmt.Sprintf("/proc/%d", pid), unix.F_OK) == nil) {
		return // not its end, or the end of somebody else's child: that is for its parent to wait for
	}
	send(Report{Kind: "ended", PID: pid, Status: uint32(status)})
}

// finish kills until there is nothing left to wait for: ECHILD is the proof.
func finish() {
	lastBirth()
	for {
		if os.Getpid() == 1 {
			unix.Kill(-1, unix.SIGKILL)
		} else {
			killAll()
		}
		// Wait for one end, take what else has ended, and look again: orphans may have come to us.
		for flags := unix.WALL; ; flags = unix.WALL | unix.WNOHANG {
			pid, err := unix.Wait4(-1, nil, flags, nil)
			if err == unix.ECHILD {
				return
			}
			if pid == 0 {
				break
			}
		}
	}
}

// killAll first stops every descendant, so that a storm of forks cannot outrun it, and then kills them.
func killAll() {
	stopped := map[int]bool{}
	for more := true; more; {
		more = false
		for pid, state := range descendants() {
			if state != 'Z' && !stopped[pid] {
				unix.Kill(pid, unix.SIGSTOP)
				stopped[pid], more = true, true
			}
		}
	}
	for pid := range stopped {
		unix.Kill(pid, unix.SIGKILL)
	}
}

// descendants gives the state of every process below this one.
func descendants() map[int]byte {
	type process struct {
		parent int
		state  byte
	}
	all := map[int]process{}
	names, _ := os.ReadDir("/proc")
	for _, e := range names {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		b, _ := os.ReadFile("/proc/" + e.Name() + "/stat")
		i := bytes.LastIndexByte(b, ')') // the name before it may hold anything
		if f := strings.Fields(string(b[i+1:])); len(f) > 17 {
			parent, _ := strconv.Atoi(f[1])
			state := f[0][0]
			if threads, _ := strconv.Atoi(f[17]); state == 'Z' && threads > 1 {
				state = 'S' // only the main thread has ended (it called exit(2) itself); the others live on
			}
			all[pid] = process{parent, state}
		}
	}
	self, below := os.Getpid(), map[int]byte{}
	for pid, p := range all {
		up := p.parent
		for range len(all) {
			if up == self || up == 0 {
				break
			}
			up = all[up].parent
		}
		if up == self && pid != self {
			below[pid] = p.state
		}
	}
	return below
}

package program

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"forklings/checker/syncpoint"
	states "forklings/exercises/25-states"

	"golang.org/x/sys/unix"
)

// switches are what a process's threads have counted so far.
type switches struct{ voluntary, involuntary uint64 }

// counter asks for the counts again and again, and compares them with what the kernel says before and after.
func counter(me syncpoint.Role) {
	pid := number(os.Args[2])
	me.Reach("up")
	var last switches
	for {
		low := count(pid)
		v, i, err := states.Switches(pid)
		must(err)
		high := count(pid)
		between := func(n, low, high uint64) bool { return low <= n && n <= high }
		me.Say("voluntary", between(v, low.voluntary, high.voluntary))
		me.Say("involuntary", between(i, low.involuntary, high.involuntary))
		me.Say("swapped", between(v, low.involuntary, high.involuntary) && between(i, low.voluntary, high.voluntary))
		me.Say("voluntary-grew", v > last.voluntary)
		me.Say("involuntary-grew", i > last.involuntary)
		last = switches{v, i}
		me.Reach("counted")
	}
}

func count(pid int) (sum switches) {
	for _, tid := range threads(pid) {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/status", pid, tid))
		for line := range strings.Lines(string(status)) {
			key, value, _ := strings.Cut(line, ":")
			n, _ := strconv.ParseUint(strings.TrimSpace(value), 10, 64)
			switch key {
			case "voluntary_ctxt_switches":
				sum.voluntary += n
			case "nonvoluntary_ctxt_switches":
				sum.involuntary += n
			}
		}
	}
	return sum
}

// rival works without pause on one CPU.
func rival(me syncpoint.Role) {
	runtime.LockOSThread()
	oneCPU()
	me.Reach("ready")
	for {
	}
}

// preempted works without pause on the rival's CPU, until the kernel has taken it away from here twice.
func preempted(me syncpoint.Role) {
	runtime.LockOSThread()
	oneCPU()
	me.Reach("ready")
	var before, now unix.Rusage
	must(unix.Getrusage(unix.RUSAGE_THREAD, &before))
	for now = before; now.Nivcsw < before.Nivcsw+2; {
		must(unix.Getrusage(unix.RUSAGE_THREAD, &now))
	}
	me.Reach("preempted")
}

// oneCPU keeps this thread on the first CPU that it may use: all processes of a scenario find the same.
func oneCPU() {
	var allowed, one unix.CPUSet
	must(unix.SchedGetaffinity(0, &allowed))
	cpu := 0
	for !allowed.IsSet(cpu) {
		cpu++
	}
	one.Set(cpu)
	must(unix.SchedSetaffinity(0, &one))
}

// threads lists a process's threads.
func threads(pid int) (tids []int) {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		tids = append(tids, number(task.Name()))
	}
	return tids
}

// settle returns when none of the process's threads is on its way to a stop or from one: all of them stopped, or all
// asleep, but for one in state D, which a stop does not reach.
func settle(pid int) {
	for {
		seen := map[byte]bool{}
		for _, tid := range threads(pid) {
			seen[state(tid)] = true
		}
		if !seen['R'] && !(seen['S'] && (seen['T'] || seen['t'])) {
			return
		}
		yield()
	}
}

// state is one thread's; /proc has a folder for each, which it does not list.
func state(tid int) byte {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/stat", tid, tid))
	if i := strings.LastIndexByte(string(stat), ')'); i >= 0 {
		return stat[i+2]
	}
	return 0
}

func yield() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

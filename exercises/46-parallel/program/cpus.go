package program

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// born is how many CPUs the program could use when it began: Go has counted them before anything else.
func born() int { return runtime.NumCPU() }

// affinity is the CPUs that a thread may use, 0 being this one; of one that is gone, none.
func affinity(tid int) (set unix.CPUSet) {
	if err := unix.SchedGetaffinity(tid, &set); err != unix.ESRCH {
		must(err)
	}
	return set
}

func lowest(set unix.CPUSet) (cpu int) {
	for !set.IsSet(cpu) {
		cpu++
	}
	return cpu
}

func setOf(cpus ...int) (set unix.CPUSet) {
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return set
}

// narrow keeps all threads of this process on this CPU, and so those that they make.
func narrow(cpu int) {
	one := setOf(cpu)
	for more := true; more; {
		more = false
		for _, tid := range threads(os.Getpid()) {
			if set := affinity(tid); set.Count() > 0 && set != one {
				unix.SchedSetaffinity(tid, &one) // it may have ended
				more = true
			}
		}
	}
}

func highest(set unix.CPUSet) (cpu int) {
	for i := range len(set) * 64 {
		if set.IsSet(i) {
			cpu = i
		}
	}
	return cpu
}

// kept reports whether all threads of a process may use these CPUs. One that may not, because it is about to end or to be
// given them back, is waited for, though not for long.
func kept(pid int, before unix.CPUSet) bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const most = 200 * time.Millisecond
	for end := threadCPU() + most; threadCPU() < end; yield() {
		lost := false
		for _, tid := range threads(pid) {
			set := affinity(tid)
			lost = lost || set.Count() > 0 && set != before
		}
		if !lost {
			return true
		}
	}
	return false
}

func threads(pid int) (tids []int) {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		tids = append(tids, number(task.Name()))
	}
	return tids
}

// look says which CPUs the tasks may use, as somebody else sees it.
func look(me syncpoint.Role) {
	var parents, used unix.CPUSet
	for _, tid := range threads(number(os.Args[2])) {
		parents = union(parents, affinity(tid))
	}
	var sets []unix.CPUSet
	whole := true // no task's threads differ
	for _, pid := range os.Args[3:] {
		tids := threads(number(pid))
		set := affinity(tids[0])
		for _, tid := range tids {
			whole = whole && affinity(tid) == set
		}
		sets = append(sets, set)
		used = union(used, set)
	}
	cpus := "few"
	switch {
	case !whole:
		cpus = "mixed"
	case used.Count() == 1:
		cpus = "one"
	case spread(sets) >= min(len(sets), parents.Count()):
		cpus = "enough"
	}
	me.Say("cpus", cpus)
	me.Say("within", union(parents, used) == parents)
	me.Say("threads", map[bool]string{true: "free", false: "pinned"}[kept(number(os.Args[2]), parents)])
	me.Reach("looked-on")
}

func union(a, b unix.CPUSet) unix.CPUSet {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

// spread is how many of the tasks can have a CPU at the same moment: as many as can be matched to one each.
func spread(sets []unix.CPUSet) (n int) {
	owner := map[int]int{} // of a CPU: a task
	var find func(task int, tried map[int]bool) bool
	find = func(task int, tried map[int]bool) bool {
		for cpu := range len(sets[task]) * 64 {
			if !sets[task].IsSet(cpu) || tried[cpu] {
				continue
			}
			tried[cpu] = true
			if other, taken := owner[cpu]; !taken || find(other, tried) {
				owner[cpu] = task
				return true
			}
		}
		return false
	}
	for task := range sets {
		if find(task, map[int]bool{}) {
			n++
		}
	}
	return n
}

// yield lets others have this CPU.
func yield() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

func now() time.Duration       { return clock(unix.CLOCK_MONOTONIC) }
func threadCPU() time.Duration { return clock(unix.CLOCK_THREAD_CPUTIME_ID) }

func clock(id int32) time.Duration {
	var t unix.Timespec
	must(unix.ClockGettime(id, &t))
	return time.Duration(t.Nano())
}

package program

import (
	"fmt"
	"os"
	"time"

	"forklings/checker/syncpoint"
	cpuorio "forklings/exercises/45-cpu-or-io"
)

// measured are costs as they come, and what follows from them.
var measured = []struct {
	serial, threads, processes cpuorio.Cost
	ioBound                    bool
	best                       cpuorio.Way
}{
	// work in Python, where one thread runs at a time, and in Go
	{cost(4000, 3900), cost(4100, 4000), cost(1100, 4000), false, cpuorio.Processes},
	{cost(4000, 3900), cost(1050, 4000), cost(1100, 4000), false, cpuorio.Threads},
	{cost(4, 3), cost(5, 4), cost(12, 20), false, cpuorio.Serial},
	// waiting
	{cost(4000, 10), cost(1000, 12), cost(1010, 30), true, cpuorio.Threads},
	{cost(4000, 10), cost(4000, 12), cost(1000, 30), true, cpuorio.Processes},
	{cost(9, 1), cost(10, 2), cost(12, 5), true, cpuorio.Serial},
	// equally short
	{cost(1000, 500), cost(800, 500), cost(800, 400), false, cpuorio.Processes},
	{cost(1000, 501), cost(800, 500), cost(800, 500), false, cpuorio.Threads},
	{cost(1000, 499), cost(1000, 499), cost(1000, 499), true, cpuorio.Serial},
	{cost(2000, 1), cost(1000, 10000), cost(1000, 9000), true, cpuorio.Processes},
	// in several threads at once there is more CPU time than time
	{cost(1000, 4000), cost(2000, 3000), cost(3000, 2000), false, cpuorio.Serial},
	{cost(0, 0), cost(0, 0), cost(0, 0), false, cpuorio.Serial},
	// the least CPU of the shortest, whatever a slower one used
	{cost(10, 5), cost(11, 1), cost(10, 6), false, cpuorio.Serial},
	{cost(10, 6), cost(11, 1), cost(10, 5), false, cpuorio.Processes},
	// small differences: of nanoseconds, beside short times and long ones
	{cpuorio.Cost{Wall: 3, CPU: 1}, cpuorio.Cost{Wall: 3, CPU: 1}, cpuorio.Cost{Wall: 2, CPU: 2}, true, cpuorio.Processes},
	{cpuorio.Cost{Wall: 3, CPU: 2}, cpuorio.Cost{Wall: 3, CPU: 1}, cpuorio.Cost{Wall: 3, CPU: 2}, false, cpuorio.Threads},
	{cpuorio.Cost{Wall: 2 * time.Hour, CPU: time.Hour - 1}, cpuorio.Cost{Wall: 2*time.Hour - 1}, cost(1e7, 0), true, cpuorio.Threads},
	{cpuorio.Cost{Wall: 2 * time.Hour, CPU: time.Hour}, cpuorio.Cost{Wall: 2 * time.Hour, CPU: time.Hour - 1}, cost(1e7, 0), false, cpuorio.Threads},
	{cost(10, 0), cost(10, 0), cost(10, 0), true, cpuorio.Serial},
}

// cost is so many milliseconds by the clock, and so many of CPU time.
func cost(wall, cpu time.Duration) cpuorio.Cost {
	return cpuorio.Cost{Wall: wall * time.Millisecond, CPU: cpu * time.Millisecond}
}

// decide says how the learner's functions judge the costs.
func decide(me syncpoint.Role) {
	bound, best := "right", "right"
	var byKind [2][]cpuorio.Way
	for _, m := range measured {
		if got := m.serial.IOBound(); got != m.ioBound {
			bound = "wrong"
			fmt.Fprintf(os.Stderr, "serial %+v: IOBound %v\n", m.serial, got)
		}
		got := cpuorio.Choose(m.serial, m.threads, m.processes)
		if got != m.best {
			best = "wrong"
			fmt.Fprintf(os.Stderr, "serial %+v, threads %+v, processes %+v: %d\n", m.serial, m.threads, m.processes, got)
		}
		kind := 0
		if m.ioBound {
			kind = 1
		}
		byKind[kind] = append(byKind[kind], got)
	}
	if best == "wrong" && same(byKind[0][:3]) && same(byKind[1][:3]) {
		best = "fixed"
	}
	me.Say("bound", bound)
	me.Say("choice", best)
	me.Reach("decided")
}

// same reports whether the kind of work alone decides, whatever the figures.
func same(ways []cpuorio.Way) bool { return ways[0] == ways[1] && ways[1] == ways[2] }

// table prints the figures of this machine: of four pieces that work or sleep for 100 ms each, and of creation.
func table() {
	for _, kind := range []string{"long", "sleep"} {
		var costs [3]cpuorio.Cost
		for i, name := range ways {
			w := newWork("table", cpuorio.Way(i), []string{kind, kind, kind, kind})
			cost, err := cpuorio.Run(cpuorio.Way(i), w.pieces...)
			must(err)
			costs[i] = cost
			row("4 x "+kind, name, cost)
		}
		fmt.Printf("%12s I/O-bound: %v, best: %s\n", "", costs[0].IOBound(), ways[cpuorio.Choose(costs[0], costs[1], costs[2])])
	}
	for i, name := range ways {
		cost, err := cpuorio.Creation(cpuorio.Way(i), 20, cpuorio.Piece{Do: func() {}, Args: []string{"empty"}})
		must(err)
		row("creation", name, cost)
	}
}

func row(what, way string, cost cpuorio.Cost) {
	fmt.Printf("%-12s %-10s %9.3f ms, CPU %9.3f ms\n", what, way, cost.Wall.Seconds()*1e3, cost.CPU.Seconds()*1e3)
}

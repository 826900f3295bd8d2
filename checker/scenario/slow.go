package scenario

import (
	"os/exec"
	"time"

	"forklings/checker/supervisor"
)

const (
	ordinaryStart = 20 * time.Millisecond // of CPU, for a process that does nothing: most machines take 2 to 8 ms
	slowest       = 10                    // beyond that, the deadline comes first
)

// slowness is how much more CPU than on ordinary machines the same work takes here: 1, or more where the processor is emulated,
// or where a virtual machine counts what others took from it as its own (proc_stat(5): steal time, where it is told).
func slowness() float64 {
	nothing := exec.Command("/proc/self/exe")
	nothing.Args = []string{supervisor.Nothing}
	if err := nothing.Run(); err != nil {
		return 1
	}
	return slower(nothing.ProcessState.UserTime() + nothing.ProcessState.SystemTime())
}

func slower(start time.Duration) float64 {
	return min(max(1, float64(start)/float64(ordinaryStart)), slowest)
}

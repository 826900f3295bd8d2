package program

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

const owned = "owned.txt"

// own takes what a process can have: memory, a file, a lock, time of a CPU.
func own(me syncpoint.Role) {
	memory := make([]byte, 32<<20)
	for i := range memory {
		memory[i] = 1
	}
	file, err := os.Create(owned)
	must(err)
	must(unix.Flock(int(file.Fd()), unix.LOCK_EX))
	for sum := byte(0); usedCPU() < 50_000_000; {
		for _, b := range memory {
			sum += b
		}
		memory[0] = sum
	}
	me.Say("owns", fmt.Sprintf("%d MB, %s", len(memory)>>20, file.Name()))
}

// usedCPU is in nanoseconds.
func usedCPU() int64 {
	var usage unix.Rusage
	must(unix.Getrusage(unix.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// remains tells what there is of the owner: it reads /proc, and tries the lock.
func remains(pid int) string {
	var there []string
	if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
		there = append(there, "a PID")
		if strings.Contains(string(status), "\nVmRSS:") {
			there = append(there, "memory")
		}
	}
	if files, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); len(files) > 0 {
		there = append(there, "descriptors")
	}
	file, err := os.Open(owned)
	must(err)
	defer file.Close()
	if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		there = append(there, "a lock")
	}
	if ticks(pid) > 0 {
		there = append(there, "CPU time")
	}
	return strings.Join(there, ", ")
}

// ticks are a process's utime and stime, as in proc_pid_stat(5).
func ticks(pid int) (sum int) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	must(err)
	var user, system int
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return user + system
}

// leave leaves so many zombies.
func leave(number int) {
	for range number {
		pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "exit 3"}, nil) // keeps no descriptor of it
		must(err)
		known[pid] = "one"
		await(pid, unix.WEXITED)
	}
}

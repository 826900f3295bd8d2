// Package identity tells a process who it is, who started it, and which program it runs.
package identity

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// PID is this process's number, whichever of its threads asks.
func PID() int { return os.Getpid() }

// ParentPID is the number of this process's parent, as it is at the time of the call: when the parent has ended
// meanwhile, it is the number of whoever has adopted this process.
func ParentPID() int { return os.Getppid() }

// Program is the full path of the executable file that this process runs, whatever name it was started under.
func Program() (string, error) { return os.Executable() }

// Ancestors are the PIDs from this process upwards, as they are at the time of the call: this process first,
// then its parent, the parent's parent, and so on. The last one is the process whose PPID is 0; the 0 is not in
// the list. A process may have any name, with blanks, brackets and newlines in it.
func Ancestors() ([]int, error) {
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		parent, err := parentOf(pid)
		if err != nil {
			return nil, err
		}
		pid = parent
	}
	return line, nil
}

// parentOf reads the PPID in /proc/PID/stat (proc_pid_stat(5)), which begins like "4711 (name) S 4700". The name
// can hold brackets itself, but nothing after it does: it ends at the last bracket.
func parentOf(pid int) (int, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, fmt.Errorf("identity: /proc/%d/stat: no PPID in %q", pid, stat)
	}
	return strconv.Atoi(string(fields[1]))
}

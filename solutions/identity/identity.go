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

// Program is the full path of the executable file that this process runs, whatever name it was started under. The
// file stays where it is meanwhile.
func Program() (string, error) { return os.Executable() }

// Ancestors are the PIDs from this process upwards, as they are at the time of the call: this process first,
// then its parent, the parent's parent, and so on, however many there are. The last one is the process whose PPID is
// 0, and need not be PID 1; the 0 is not in the list. A process may have any name, with blanks, brackets, newlines and
// "PPid:" in it. When an ancestor ends while it is looked at, the line is read again from the beginning.
func Ancestors() ([]int, error) {
	for {
		line, err := climb()
		if err == nil {
			return line, nil
		}
		if !ended(line) {
			return nil, err
		}
	}
}

// climb gives the line, or its lower part up to the process that could not be read.
func climb() ([]int, error) {
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		parent, err := parentOf(pid)
		if err != nil {
			return line, err
		}
		pid = parent
	}
	return line, nil
}

// ended reports whether the last of an unfinished line has ended: then the one below has another parent by now. It
// can also be there and hidden (hidepid in proc(5)), and looking again would not help.
func ended(line []int) bool {
	if len(line) < 2 {
		return false
	}
	last, below := line[len(line)-1], line[len(line)-2]
	parent, err := parentOf(below)
	return err != nil || parent != last
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

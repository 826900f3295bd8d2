// Reads the PPID in /proc/self/stat, and splits that at blanks, in ParentPID.
package identity

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

func PID() int { return os.Getpid() }

func ParentPID() int {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return -1
	}
	parent, _ := strconv.Atoi(strings.Fields(string(stat))[3])
	return parent
}

func Program() (string, error) { return os.Executable() }

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

func parentOf(pid int) (int, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, after := split(string(stat))
	return strconv.Atoi(strings.Fields(after)[1])
}

func split(stat string) (name, after string) {
	begin, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	return stat[begin+1 : end], stat[end+1:]
}

// Takes whoever has another parent than at the start for a child of PID 1.
package identity

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

var parent = os.Getppid()

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	if os.Getppid() != parent {
		return []int{os.Getpid(), 1}, nil
	}
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		above, err := parentOf(pid)
		if err != nil {
			return nil, err
		}
		pid = above
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

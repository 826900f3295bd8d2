// Goes up from the parent that it had at the start, which may have ended.
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
	line := []int{os.Getpid()}
	for pid := parent; pid != 0; {
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

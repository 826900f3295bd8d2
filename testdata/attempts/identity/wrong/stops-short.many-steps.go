// Goes up 32 steps at the most, lest the loop never ends.
package identity

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	var line []int
	pid := os.Getpid()
	for range 32 {
		line = append(line, pid)
		parent, err := parentOf(pid)
		if err != nil {
			return nil, err
		}
		if parent == 0 {
			break
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

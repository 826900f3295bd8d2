// Lists every process with its parent first, and then follows the links in that map.
package identity

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	parents := map[int]int{}
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if parent, err := parentOf(pid); err == nil { // others come and go meanwhile
			parents[pid] = parent
		}
	}
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		parent, listed := parents[pid]
		if !listed {
			return Ancestors() // it has ended meanwhile
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

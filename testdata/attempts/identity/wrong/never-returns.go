// Gives 0 for a process that cannot be read, and looks for the parent of 0 for ever.
package identity

import (
	"bytes"
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
	for pid := os.Getpid(); pid >= 0; pid = parentOf(pid) {
		line = append(line, pid)
	}
	return line, nil
}

func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	parent, _ := strconv.Atoi(strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))[1])
	return parent
}

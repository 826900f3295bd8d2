// Looks for "PPid:" anywhere in /proc/PID/status, where the name stands first.
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
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, found := strings.Cut(string(status), "PPid:\t")
	if !found {
		return 0, fmt.Errorf("no PPid in %q", status)
	}
	parent, _, _ := strings.Cut(after, "\n")
	return strconv.Atoi(parent)
}

// Lets the name go up to the last bracket of the line, and a newline in the name ends the line.
package identity

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
)

var stat = regexp.MustCompile(`\(.*\) . (\d+)`)

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
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	found := stat.FindSubmatch(line)
	if found == nil {
		return 0, fmt.Errorf("no PPID in %q", line)
	}
	return strconv.Atoi(string(found[1]))
}

// Scans the line: the name is what stands before the next blank.
package identity

import (
	"fmt"
	"os"
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

func parentOf(pid int) (parent int, err error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var name, state string
	_, err = fmt.Fscanf(file, "%d %s %s %d", &pid, &name, &state, &parent)
	return parent, err
}

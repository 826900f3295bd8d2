// Goes up until it comes to PID 1, and on through the 0 above another top.
package identity

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	var line []int
	for pid := os.Getpid(); ; {
		line = append(line, pid)
		if pid == 1 {
			return line, nil
		}
		parent, err := parentOf(pid)
		if pid != 0 && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH)) {
			return Ancestors()
		}
		if err != nil {
			return nil, err
		}
		pid = parent
	}
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

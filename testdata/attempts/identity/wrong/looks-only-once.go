// An ancestor that ends meanwhile is an error.
package identity

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return nil, err
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if pid, err = strconv.Atoi(string(fields[1])); err != nil {
			return nil, err
		}
	}
	return line, nil
}

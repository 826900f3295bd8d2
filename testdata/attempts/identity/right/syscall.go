// Makes the system calls by hand, and climbs by recursion.
package identity

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func PID() int {
	pid, _, _ := unix.RawSyscall(unix.SYS_GETPID, 0, 0, 0)
	return int(pid)
}

func ParentPID() int {
	ppid, _, _ := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
	return int(ppid)
}

func Program() (string, error) {
	path := make([]byte, unix.PathMax)
	n, err := unix.Readlink("/proc/self/exe", path)
	if err != nil {
		return "", err
	}
	return string(path[:n]), nil
}

func Ancestors() ([]int, error) {
	line, err := from(PID(), ParentPID())
	for errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ESRCH) { // one of them has ended meanwhile
		line, err = from(PID(), ParentPID())
	}
	return line, err
}

func from(pid, parent int) ([]int, error) {
	if parent == 0 {
		return []int{pid}, nil
	}
	above, err := parentOf(parent)
	if err != nil {
		return nil, err
	}
	line, err := from(parent, above)
	return append([]int{pid}, line...), err
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

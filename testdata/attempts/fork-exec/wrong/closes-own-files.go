// Closes in the parent what the child is not to have.
package forkexec

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	chosen := map[string]bool{}
	for _, f := range files {
		if f != nil {
			chosen[strconv.Itoa(int(f.Fd()))] = true
		}
	}
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		to, _ := os.Readlink("/proc/self/fd/" + entry.Name())
		info, err := os.Stat(to)
		fd, _ := strconv.Atoi(entry.Name())
		if err == nil && info.Mode().IsRegular() && !strings.HasPrefix(to, "/sys/") && fd > 2 && !chosen[entry.Name()] {
			syscall.Close(fd)
		}
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}

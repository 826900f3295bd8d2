// Starts a second stage that calls exec: when this fails, the stage exits with 127, and nobody else learns of it.
package forkexec

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	attr := &syscall.ProcAttr{Env: env}
	closed := ""
	for i, f := range files {
		attr.Files = append(attr.Files, f.Fd())
		if f == nil {
			closed += strconv.Itoa(i) + ","
		}
	}
	staged := append([]string{stage, strconv.Itoa(len(files)), closed, path}, argv...)
	return syscall.ForkExec("/proc/self/exe", staged, attr)
}

const stage = "fork-exec-stage"

// The program runs again as a stage, which puts things in order and then becomes the child.
func init() {
	if os.Args[0] != stage {
		return
	}
	count, _ := strconv.Atoi(os.Args[1])
	for _, n := range strings.Split(os.Args[2], ",") {
		if fd, err := strconv.Atoi(n); err == nil {
			syscall.CloseOnExec(fd)
		}
	}
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		if fd, _ := strconv.Atoi(entry.Name()); fd >= count {
			syscall.CloseOnExec(fd)
		}
	}
	syscall.Exec(os.Args[3], os.Args[4:], os.Environ())
	os.Exit(127)
}

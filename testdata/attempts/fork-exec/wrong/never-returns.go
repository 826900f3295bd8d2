// Starts a second stage, and looks until that has become the program at the path.
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
	pid, err = syscall.ForkExec("/proc/self/exe", staged, attr)
	if err != nil {
		return 0, err
	}
	for {
		name, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if strings.HasPrefix(string(name), argv[0]+"\x00") {
			return pid, nil
		}
	}
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

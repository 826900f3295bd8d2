// Uses os/exec, which leaves out what is in the environment twice.
package forkexec

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	closeAllOnExec()
	at := func(i int) *os.File { // a nil *os.File is closed, a nil interface would be /dev/null
		if i < len(files) {
			return files[i]
		}
		return nil
	}
	cmd := &exec.Cmd{Path: path, Args: argv, Env: append([]string{}, env...)}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = at(0), at(1), at(2)
	if len(files) > 3 {
		cmd.ExtraFiles = files[3:]
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}

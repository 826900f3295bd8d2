// An exec.Cmd whose Stdin, Stdout or Stderr stays unset opens /dev/null there.
package forkexec

import (
	"golang.org/x/sys/unix"
	"os"
	"os/exec"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env}
	if env == nil {
		cmd.Env = []string{}
	}
	for i, f := range files {
		switch {
		case i > 2:
			cmd.ExtraFiles = append(cmd.ExtraFiles, f)
		case f == nil:
		case i == 0:
			cmd.Stdin = f
		case i == 1:
			cmd.Stdout = f
		case i == 2:
			cmd.Stderr = f
		}
	}
	unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

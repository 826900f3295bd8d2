// Runs the child as one calls a function.
package forkexec

import (
	"os"
	"os/exec"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: append([]string{}, env...)}
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = files[0], files[1], files[2], files[3:]
	if err := cmd.Run(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

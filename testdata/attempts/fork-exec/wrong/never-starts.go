// Describes the child, and forgets to start it.
package forkexec

import (
	"os"
	"os/exec"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env, Stdin: files[0], Stdout: files[1], Stderr: files[2]}
	if cmd.Process != nil {
		pid = cmd.Process.Pid
	}
	return pid, cmd.Err
}

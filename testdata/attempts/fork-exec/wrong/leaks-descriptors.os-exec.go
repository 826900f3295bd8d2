// Trusts os/exec: it hands on every descriptor without close-on-exec.
package forkexec

import (
	"os"
	"os/exec"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: append([]string{}, env...)}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], files[1], files[2]
	cmd.ExtraFiles = files[3:]
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

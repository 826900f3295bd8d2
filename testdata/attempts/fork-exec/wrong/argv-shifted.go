// exec.Command puts the path before the arguments, and argv[0] is one of them already.
package forkexec

import (
	"os"
	"os/exec"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	cmd := exec.Command(path, argv...)
	cmd.Env = append([]string{}, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = files[0], files[1], files[2], files[3:]
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

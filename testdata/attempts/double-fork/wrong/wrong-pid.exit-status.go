// The middle one exits with the PID as its status, of which 8 bits arrive.

package doublefork

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

const mark = "double-fork-middle"

const report = 3

var standard = []*os.File{os.Stdin, os.Stdout, os.Stderr}

func Start(path string, args ...string) (pid int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	middle := &exec.Cmd{
		Path: exe, Args: append([]string{mark, path}, args...),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, ExtraFiles: []*os.File{w},
	}
	err = middle.Start()
	w.Close()
	if err != nil {
		return 0, err
	}
	reason, readErr := io.ReadAll(r)
	middle.Wait()
	if len(reason) > 0 {
		return 0, errors.New(string(reason))
	}
	return middle.ProcessState.ExitCode(), readErr
}

func Middle() bool {
	if os.Args[0] != mark {
		return false
	}
	pid, err := start(os.Args[1:])
	if err != nil {
		fmt.Fprint(os.NewFile(report, "report"), err)
	}
	os.Exit(pid)
	return true
}

func start(argv []string) (pid int, err error) {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0, err
	}
	for _, entry := range open {
		if fd, err := strconv.Atoi(entry.Name()); err == nil {
			syscall.CloseOnExec(fd) // 0, 1 and 2 are given to the new process by name
		}
	}
	p, err := os.StartProcess(argv[0], argv, &os.ProcAttr{Files: standard})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}

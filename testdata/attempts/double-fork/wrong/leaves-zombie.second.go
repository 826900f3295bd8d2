// The new process is this program first, which reports its PID or its failure itself; nobody waits for one that failed.

package doublefork

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
)

const mark = "double-fork-middle"

const second = "double-fork-second"

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
	said, readErr := io.ReadAll(r)
	if err := errors.Join(readErr, middle.Wait()); err != nil {
		return 0, err
	}
	if pid, err = strconv.Atoi(string(said)); err != nil {
		return 0, errors.New(string(said)) // no number: the reason
	}
	return pid, nil
}

func Middle() bool {
	switch os.Args[0] {
	case mark:
		argv := append([]string{second}, os.Args[1:]...)
		files := append(slices.Clone(standard), os.NewFile(report, "report"))
		if _, err := os.StartProcess("/proc/self/exe", argv, &os.ProcAttr{Files: files}); err != nil {
			fmt.Fprint(os.NewFile(report, "report"), err)
		}
		return true
	case second:
		start(os.Args[1:])
	}
	return false
}

func start(argv []string) {
	w := os.NewFile(report, "report")
	open, err := os.ReadDir("/proc/self/fd")
	if err == nil {
		for _, entry := range open {
			if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
				syscall.CloseOnExec(fd)
			}
		}
		fmt.Fprint(w, os.Getpid())
		err = syscall.Exec(argv[0], argv, os.Environ())
	}
	fmt.Fprint(w, " failed: ", err)
	os.Exit(1)
}

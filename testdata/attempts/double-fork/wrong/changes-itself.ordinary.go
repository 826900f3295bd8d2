// Middle makes a file of descriptor 3 in every process: as garbage it closes what an ordinary child has there.

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
	said, readErr := io.ReadAll(r)
	if err := errors.Join(readErr, middle.Wait()); err != nil {
		return 0, err
	}
	if pid, err = strconv.Atoi(string(said)); err != nil {
		return 0, errors.New(string(said))
	}
	return pid, nil
}
func Middle() bool {
	w := os.NewFile(report, "report")
	if os.Args[0] != mark {
		return false
	}
	if pid, err := start(os.Args[1:]); err != nil {
		fmt.Fprint(w, err)
	} else {
		fmt.Fprint(w, pid)
	}
	return true
}
func start(argv []string) (pid int, err error) {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0, err
	}
	for _, entry := range open {
		if fd, err := strconv.Atoi(entry.Name()); err == nil {
			syscall.CloseOnExec(fd)
		}
	}
	p, err := os.StartProcess(argv[0], argv, &os.ProcAttr{Files: standard})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}

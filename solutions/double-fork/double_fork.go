// Package doublefork starts a process that is not a child of the one that starts it.
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

// mark is the argv[0] of a middle process. The environment would hand it on to the new process, argv does not.
const mark = "double-fork-middle"

// report is the middle one's end of the pipe to Start: the first of Cmd.ExtraFiles.
const report = 3

var standard = []*os.File{os.Stdin, os.Stdout, os.Stderr}

// Start runs the file at path in a new process, and returns that process's PID while it runs. A relative path counts from
// this process's directory; there is no search in PATH.
//
// The new process is not this one's child, unless this one is a subreaper already. A middle process starts it and ends, and
// has been waited for when Start returns: no zombie is left of it. So the parent of the new process is the adopter, which
// is the nearest living subreaper above this process, or the init of its PID namespace. It waits for the end; nobody here
// has to, or can.
//
// The new process has the path and the arguments as its argv, and this process's environment, directory and
// descriptors 0, 1 and 2. No other descriptor reaches it, also none that this program was started with. Its session and
// process group are yours to choose. What it holds open does not keep Start, nor does its end.
//
// When the file cannot be run, or an argument is too long for execve, that is an error. Then nothing is left: no process,
// not even a zombie.
//
// Start may be called any number of times, also by several goroutines at once. Meanwhile its caller sleeps in the
// kernel. In this process nothing stays changed, also when the start fails: neither environment, directory nor descriptors;
// its other children live on, and their ends can be waited for as before.
//
// Go has no bare fork, so the middle one is this program, run again. What it has to say comes through a pipe,
// which is at its end when the middle one has ended, as nobody else has it open.
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

// Middle stands at the head of main. In a middle process of Start it starts the new process, reports to Start, and
// returns true: main ends the process then. In every other process it returns false at once, also when Start has
// made that process and it is this same program, or when the caller of Start has started it in the ordinary way. There it
// changes nothing: what that process has open stays open.
func Middle() bool {
	if os.Args[0] != mark {
		return false
	}
	w := os.NewFile(report, "report")
	if pid, err := start(os.Args[1:]); err != nil {
		fmt.Fprint(w, err)
	} else {
		fmt.Fprint(w, pid)
	}
	return true
}

// start runs in the middle process, which ends soon: what is marked to be closed here is not missed by anybody.
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

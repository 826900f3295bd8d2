// The new process first waits until the middle one is gone, and runs the file only then.

package doublefork

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The middle one and the one after it: both are this program, run again.
const (
	first  = "double-fork 1"
	second = "double-fork 2"
)

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
	middle := exec.Cmd{Path: exe, Args: append([]string{first, path}, args...), ExtraFiles: []*os.File{w}}
	middle.Stdin, middle.Stdout, middle.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = middle.Run()
	w.Close()
	if err != nil {
		return 0, err
	}
	lines := bufio.NewReader(r)
	if _, err := fmt.Fscanln(lines, &pid); err != nil {
		return 0, err
	}
	reason, err := io.ReadAll(lines) // nothing when the exec closes the pipe
	if err == nil && len(reason) > 0 {
		err = errors.New(string(reason))
		unix.Wait4(pid, nil, 0, nil) // ours when this process is the adopter itself, else ECHILD
	}
	return pid, err
}

func Middle() bool {
	switch os.Args[0] {
	case first:
		life, alive, _ := os.Pipe() // alive is closed by the middle one's end
		_ = alive
		report := os.NewFile(3, "report")
		p, err := os.StartProcess("/proc/self/exe", append([]string{second}, os.Args[1:]...), &os.ProcAttr{
			Files: []*os.File{os.Stdin, os.Stdout, os.Stderr, report, life},
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(report, strconv.Itoa(p.Pid))
		return true
	case second:
		os.NewFile(4, "life").Read(make([]byte, 1))
		unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
		err := syscall.Exec(os.Args[1], os.Args[1:], os.Environ())
		fmt.Fprint(os.NewFile(3, "report"), err)
		os.Exit(1)
	}
	return false
}

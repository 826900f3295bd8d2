// List knows that a process may be gone before its file is opened, and not that it may go before the file is read.
package zombie

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

type Zombie struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

func Make(args ...string) (pid int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	// WNOWAIT: the end is awaited, and the zombie left. Cmd.Wait would clear it.
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return cmd.Process.Pid, err
		}
	}
}

func List() ([]Zombie, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var zombies []Zombie
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // another process, which has gone meanwhile
		}
		if err != nil {
			return nil, err
		}
		z, ok, err := parse(stat)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if ok {
			zombies = append(zombies, z)
		}
	}
	return zombies, nil
}

func parse(stat []byte) (z Zombie, ok bool, err error) {
	open, last := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || last < open {
		return z, false, errors.New("no name in brackets")
	}
	field := append([]string{"", "", ""}, strings.Fields(string(stat[last+1:]))...) // numbered as on the man page, from 1
	if len(field) < 53 {
		return z, false, errors.New("too few fields")
	}
	const state, parent, threads, exitCode = 3, 4, 20, 52
	// A process whose main thread has ended is shown as Z too, while its other threads go on.
	if field[state] != "Z" || field[threads] != "1" || field[parent] != strconv.Itoa(os.Getpid()) {
		return z, false, nil
	}
	if z.PID, err = strconv.Atoi(strings.TrimSpace(string(stat[:open]))); err != nil {
		return z, false, err
	}
	status, err := strconv.Atoi(field[exitCode])
	z.Code = code(syscall.WaitStatus(status))
	return z, true, err
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

func Clear() ([]Zombie, error) {
	var cleared []Zombie
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD || err == nil && pid == 0: // no child is left, or none that has ended
			return cleared, nil
		case err != nil:
			return cleared, err
		default:
			cleared = append(cleared, Zombie{pid, code(status)})
		}
	}
}

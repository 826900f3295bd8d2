// Package zombie makes zombies, lists them and clears them.
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

// Zombie is a child of this process that has ended, and that nobody has waited for.
type Zombie struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

// Make starts a child, this same program with exactly these arguments, and returns its PID when it is a zombie: when
// the child has ended, and not before, and without waiting for it in the sense of wait(2), so that the zombie stays.
//
// Meanwhile the caller sleeps in the kernel, for as long as it takes; when a signal interrupts it, it goes on waiting.
// A child that is stopped has not ended; what it leaves running is no reason to stay. How it ended is no error. When no
// child could be started, the error says why: at a limit on processes, errors.Is finds syscall.EAGAIN in it. Several goroutines
// may be in Make at once, and do not hold each other up.
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

// List gives all zombies of this process, in any order, and leaves them as they are: the next call gives the same.
//
// It does not matter who has started them, on which thread, in which process group they are, how many there are, and
// what they call themselves. Children that run or are stopped are none, and neither is a child whose main thread alone
// has ended. The zombies of other processes, those of its own children among them, are not this one's. To have no
// zombie, or no child at all, is no error. List never sleeps, not even while a goroutine is in Make, leaves nothing
// open, and starts no process.
func List() ([]Zombie, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var zombies []Zombie
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
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

// parse reads a line as in proc_pid_stat(5); ok is false when it is not about a zombie of this process.
//
// The second field, the name in brackets, is the process's own choice and may hold blanks, brackets and newlines: so
// the others are counted from the last bracket.
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

// Clear waits for all zombies of this process, and gives what List would have given: they are gone then. Children
// that have not ended are left alone: it neither waits for them nor signals them, and they become zombies at their
// end. To have nothing to clear is no error. Clear never sleeps, not even while a goroutine is in Make, leaves nothing
// open, and starts no process.
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

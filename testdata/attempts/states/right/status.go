// Reads the State line of every thread's status, and waits by wait calls of its own making.

package states

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

type State byte

const (
	Running         State = 'R'
	Sleeping        State = 'S'
	Uninterruptible State = 'D'
	Stopped         State = 'T'
	Zombie          State = 'Z'
)

func (s State) Alive() bool {
	switch s {
	case Running, Sleeping, Uninterruptible, Stopped:
		return true
	}
	return false
}

// lines calls f for each line of each thread's status.
func lines(pid int, f func(key, value string)) error {
	if pid <= 0 || pid > 1<<31-1 {
		return os.ErrInvalid
	}
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	read := 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			continue
		}
		for in := bufio.NewScanner(file); in.Scan(); {
			if key, value, ok := strings.Cut(in.Text(), ":\t"); ok {
				read++
				f(key, value)
			}
		}
		file.Close()
	}
	if read == 0 {
		return os.ErrNotExist
	}
	return nil
}

func Of(pid int) (State, error) {
	const rank = "ZTtSDR"
	best := -1
	err := lines(pid, func(key, value string) {
		if key == "State" {
			best = max(best, strings.IndexByte(rank, value[0]))
		}
	})
	switch {
	case err != nil:
		return 0, err
	case best < 0:
		return 0, os.ErrNotExist
	case rank[best] == 't':
		return Stopped, nil
	}
	return State(rank[best]), nil
}

func kill(pid int, s syscall.Signal) error {
	if pid <= 0 || pid > 1<<31-1 {
		return syscall.ESRCH
	}
	return syscall.Kill(pid, s)
}

func Stop(pid int) error     { return kill(pid, syscall.SIGSTOP) }
func Continue(pid int) error { return kill(pid, syscall.SIGCONT) }

type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

// waitid gives the code, 0 for nothing.
func waitid(pid, options int) (int32, error) {
	var info [32]int32
	_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, 1, uintptr(pid), uintptr(unsafe.Pointer(&info)), uintptr(options), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return info[2], nil
}

func Wait(pid int) (Change, error) {
	if pid <= 0 || pid > 1<<31-1 {
		return "", syscall.ECHILD
	}
	const untraced, exited, continued, nowait = 2, 4, 8, 0x1000000
	for {
		code, err := waitid(pid, exited|untraced|continued|nowait)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return "", err
		}
		if 1 <= code && code <= 3 {
			return HasEnded, nil
		}
		if code, _ := waitid(pid, syscall.WNOHANG|untraced); code == 5 {
			return HasStopped, nil
		}
		if code, _ := waitid(pid, syscall.WNOHANG|continued); code == 6 {
			return HasContinued, nil
		}
	}
}

func Switches(pid int) (voluntary, involuntary uint64, err error) {
	err = lines(pid, func(key, value string) {
		var n uint64
		fmt.Sscan(value, &n)
		switch key {
		case "voluntary_ctxt_switches":
			voluntary += n
		case "nonvoluntary_ctxt_switches":
			involuntary += n
		}
	})
	return
}

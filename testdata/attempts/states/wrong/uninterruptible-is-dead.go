// Who is in state D is not alive: D is taken for dead.

package states

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

type State byte

const (
	Running         State = 'R'
	Sleeping        State = 'S'
	Uninterruptible State = 'D'
	Stopped         State = 'T'
	Zombie          State = 'Z'
)

func (s State) Alive() bool { return s != Zombie && s != Uninterruptible }
func Of(pid int) (State, error) {
	texts, err := threads(pid, "stat")
	if err != nil {
		return 0, err
	}
	seen := map[State]bool{}
	for _, text := range texts {
		if i := bytes.LastIndexByte(text, ')'); i >= 0 && i+2 < len(text) {
			seen[State(text[i+2])] = true
		}
	}
	seen[Stopped] = seen[Stopped] || seen['t']
	for _, s := range []State{Running, Uninterruptible, Sleeping, Stopped, Zombie} {
		if seen[s] {
			return s, nil
		}
	}
	return 0, fmt.Errorf("states: process %d: %w", pid, syscall.ESRCH)
}
func threads(pid int, name string) (texts [][]byte, err error) {
	if err := valid(pid); err != nil {
		return nil, err
	}
	dir := fmt.Sprintf("/proc/%d/task", pid)
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, task := range tasks {
		if text, err := os.ReadFile(dir + "/" + task.Name() + "/" + name); err == nil {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("states: process %d: %w", pid, syscall.ESRCH)
	}
	return texts, nil
}
func valid(pid int) error {
	if pid < 1 || pid > 1<<31-1 {
		return fmt.Errorf("states: %d is no PID: %w", pid, syscall.EINVAL)
	}
	return nil
}
func Stop(pid int) error {
	if err := valid(pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGSTOP)
}
func Continue(pid int) error {
	if err := valid(pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGCONT)
}

type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

func Wait(pid int) (Change, error) {
	if err := valid(pid); err != nil {
		return "", err
	}
	for {
		var seen unix.Siginfo
		err := unix.Waitid(unix.P_PID, pid, &seen, unix.WEXITED|unix.WSTOPPED|unix.WCONTINUED|unix.WNOWAIT, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return "", fmt.Errorf("states: wait for %d: %w", pid, err)
		case seen.Code == exited || seen.Code == killed || seen.Code == dumped:
			return HasEnded, nil
		}
		var taken unix.Siginfo
		err = unix.Waitid(unix.P_PID, pid, &taken, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG, nil)
		switch {
		case err == nil && taken.Code == stopped:
			return HasStopped, nil
		case err == nil && taken.Code == continued:
			return HasContinued, nil
		}
	}
}

const exited, killed, dumped, stopped, continued = 1, 2, 3, 5, 6

func Switches(pid int) (voluntary, involuntary uint64, err error) {
	texts, err := threads(pid, "status")
	if err != nil {
		return 0, 0, err
	}
	for _, text := range texts {
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(line, ":")
			n, _ := strconv.ParseUint(strings.TrimSpace(value), 10, 64)
			switch key {
			case "voluntary_ctxt_switches":
				voluntary += n
			case "nonvoluntary_ctxt_switches":
				involuntary += n
			}
		}
	}
	return voluntary, involuntary, nil
}

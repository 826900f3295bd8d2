// Waits and signals by pidfds, and reads /proc through a descriptor of the process's folder.

package states

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"

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

func (s State) Alive() bool { return s != Zombie }

func Of(pid int) (State, error) {
	root, err := os.OpenRoot(fmt.Sprintf("/proc/%d", pid))
	if err != nil {
		return 0, err
	}
	defer root.Close()
	files, err := fs.Glob(root.FS(), "task/*/stat")
	if err != nil {
		return 0, err
	}
	var all []byte
	for _, name := range files {
		if text, err := fs.ReadFile(root.FS(), name); err == nil {
			all = append(all, text[bytes.LastIndex(text, []byte(") "))+2])
		}
	}
	all = bytes.ReplaceAll(all, []byte("t"), []byte("T"))
	for _, s := range []byte("RDSTZ") {
		if bytes.IndexByte(all, s) >= 0 {
			return State(s), nil
		}
	}
	return 0, fs.ErrNotExist
}

func with(pid int, f func(fd int) error) error {
	if pid > math.MaxInt32 { // the kernel would take 32 bits of it
		return unix.ESRCH
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return f(fd)
}

func Stop(pid int) error {
	return with(pid, func(fd int) error { return unix.PidfdSendSignal(fd, unix.SIGSTOP, nil, 0) })
}

func Continue(pid int) error {
	return with(pid, func(fd int) error { return unix.PidfdSendSignal(fd, unix.SIGCONT, nil, 0) })
}

type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

func Wait(pid int) (change Change, err error) {
	err = with(pid, func(fd int) error {
		for change == "" {
			var info unix.Siginfo
			err := unix.Waitid(unix.P_PIDFD, fd, &info, unix.WEXITED|unix.WSTOPPED|unix.WCONTINUED|unix.WNOWAIT, nil)
			switch {
			case err == unix.EINTR:
				continue
			case err != nil:
				return err
			case info.Code < 4:
				change = HasEnded
				continue
			}
			info = unix.Siginfo{}
			unix.Waitid(unix.P_PIDFD, fd, &info, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG, nil)
			change = map[int32]Change{5: HasStopped, 6: HasContinued}[info.Code]
		}
		return nil
	})
	return change, err
}

func Switches(pid int) (voluntary, involuntary uint64, err error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0, 0, err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/status", pid, entry.Name()))
		if err != nil {
			continue
		}
		for _, line := range bytes.Split(text, []byte("\n")) {
			fields := bytes.Fields(line)
			if len(fields) != 2 {
				continue
			}
			n, _ := strconv.ParseUint(string(fields[1]), 10, 64)
			switch string(fields[0]) {
			case "voluntary_ctxt_switches:":
				voluntary += n
			case "nonvoluntary_ctxt_switches:":
				involuntary += n
			}
		}
	}
	return voluntary, involuntary, nil
}

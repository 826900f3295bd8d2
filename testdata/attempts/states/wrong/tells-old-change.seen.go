// Wait tells what it has looked at, though what it has taken is a later change.

package states

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

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

var errPid = errors.New("states: no PID")

type thread struct {
	state    byte
	vol, inv uint64
}

func threads(pid int) ([]thread, error) {
	if pid < 1 {
		return nil, errPid
	}
	dir := fmt.Sprintf("/proc/%d/task", pid)
again:
	es, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var ts []thread
	for _, e := range es {
		b, err := os.ReadFile(dir + "/" + e.Name() + "/status")
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			goto again // one has ended meanwhile, look again
		}
		if err != nil {
			return nil, err
		}
		var t thread
		for _, l := range strings.Split(string(b), "\n") {
			k, v, _ := strings.Cut(l, ":")
			v = strings.TrimSpace(v)
			switch k {
			case "State":
				t.state = v[0]
			case "voluntary_ctxt_switches":
				t.vol, err = strconv.ParseUint(v, 10, 64)
			case "nonvoluntary_ctxt_switches":
				t.inv, err = strconv.ParseUint(v, 10, 64)
			}
			if err != nil {
				return nil, err
			}
		}
		ts = append(ts, t)
	}
	if len(ts) == 0 {
		return nil, syscall.ESRCH
	}
	return ts, nil
}

func Of(pid int) (State, error) {
	ts, err := threads(pid)
	if err != nil {
		return 0, err
	}
	var n [256]int
	for _, t := range ts {
		n[t.state]++
	}
	switch {
	case n['R'] > 0:
		return Running, nil
	case n['D'] > 0:
		return Uninterruptible, nil
	case n['S']+n['I'] > 0:
		return Sleeping, nil
	case n['T']+n['t'] > 0:
		return Stopped, nil
	}
	return Zombie, nil
}

func Stop(pid int) error     { return kill(pid, syscall.SIGSTOP) }
func Continue(pid int) error { return kill(pid, syscall.SIGCONT) }

func kill(pid int, s syscall.Signal) error {
	if pid < 1 || pid > 1<<31-1 {
		return errPid
	}
	return syscall.Kill(pid, s)
}

type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

type info struct {
	signo, errno, code int32
	_                  int32
	pid                int32
	_                  [27]int32
}

func waitid(pid, opts int) (info, error) {
	for {
		var i info
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&i)), uintptr(opts), 0, 0)
		if e == syscall.EINTR {
			continue
		}
		if e != 0 {
			return i, e
		}
		return i, nil
	}
}

func Wait(pid int) (Change, error) {
	if pid < 1 || pid > 1<<31-1 {
		return "", errPid
	}
	for {
		i, err := waitid(pid, unix.WEXITED|unix.WSTOPPED|unix.WCONTINUED|unix.WNOWAIT)
		if err != nil {
			return "", err
		}
		if i.code >= 1 && i.code <= 3 {
			return HasEnded, nil
		}
		if taken, err := waitid(pid, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG); err != nil || taken.code == 0 {
			continue
		}
		switch i.code {
		case 5:
			return HasStopped, nil
		case 6:
			return HasContinued, nil
		}
	}
}

func Switches(pid int) (voluntary, involuntary uint64, err error) {
	ts, err := threads(pid)
	for _, t := range ts {
		if t.state != 'Z' && t.state != 'X' {
			voluntary += t.vol
			involuntary += t.inv
		}
	}
	return
}

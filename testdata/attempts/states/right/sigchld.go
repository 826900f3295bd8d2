// Sleeps until SIGCHLD comes, and asks without waiting then.

package states

import (
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strconv"
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

func (s State) Alive() bool { return s != Zombie && s != 0 }

var (
	stat   = regexp.MustCompile(`(?s)^\d+ \(.*\) (\S)`)
	counts = regexp.MustCompile(`(?m)^(non)?voluntary_ctxt_switches:\s*(\d+)$`)
)

func tasks(pid int, file string, f func(text string)) error {
	dir, err := os.Open("/proc/" + strconv.FormatUint(uint64(pid), 10) + "/task")
	if err != nil {
		return err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no threads: %w", syscall.ESRCH)
	}
	for _, name := range names {
		if text, err := os.ReadFile(dir.Name() + "/" + name + "/" + file); err == nil {
			f(string(text))
		}
	}
	return nil
}

func Of(pid int) (State, error) {
	n := map[string]int{}
	err := tasks(pid, "stat", func(text string) {
		if m := stat.FindStringSubmatch(text); m != nil {
			n[m[1]]++
		}
	})
	switch {
	case err != nil:
		return 0, err
	case n["R"] > 0:
		return Running, nil
	case n["D"] > 0:
		return Uninterruptible, nil
	case n["S"] > 0:
		return Sleeping, nil
	case n["T"]+n["t"] > 0:
		return Stopped, nil
	case n["Z"] > 0:
		return Zombie, nil
	}
	return 0, syscall.ESRCH
}

func Stop(pid int) error     { return send(pid, unix.SIGSTOP) }
func Continue(pid int) error { return send(pid, unix.SIGCONT) }

func send(pid int, s syscall.Signal) error {
	if pid < 1 || pid > 1<<31-1 {
		return os.ErrInvalid
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	defer p.Release()
	return p.Signal(s)
}

type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

func Wait(pid int) (Change, error) {
	if pid < 1 || pid > 1<<31-1 {
		return "", syscall.EINVAL
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	defer signal.Stop(signals)
	for {
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err != nil {
			return "", err
		}
		if info.Signo != 0 {
			return HasEnded, nil
		}
		unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG, nil)
		switch info.Code {
		case 5:
			return HasStopped, nil
		case 6:
			return HasContinued, nil
		}
		<-signals
	}
}

func Switches(pid int) (voluntary, involuntary uint64, err error) {
	err = tasks(pid, "status", func(text string) {
		for _, m := range counts.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.ParseUint(m[2], 10, 64)
			if m[1] == "" {
				voluntary += n
			} else {
				involuntary += n
			}
		}
	})
	return voluntary, involuntary, err
}

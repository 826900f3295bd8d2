// Package states tells what a process is doing, stops and continues it, and waits for such changes.
package states

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// State is what a process is doing, by its letter in proc_pid_stat(5).
type State byte

const (
	Running         State = 'R' // on a CPU, or ready for one
	Sleeping        State = 'S' // blocked until something happens; a signal wakes it
	Uninterruptible State = 'D' // blocked in the kernel; a signal, SIGSTOP too, has to wait until that is over
	Stopped         State = 'T' // by SIGSTOP or the like, until SIGCONT
	Zombie          State = 'Z' // has ended, and nobody has waited for it
)

// Alive reports whether a process in this state may still do something: in all of them but Zombie.
func (s State) Alive() bool { return s != Zombie }

// Of tells the process's state as it is now, whatever signals it was sent and whatever it is called.
//
// It is that of its threads together; those that have ended do not count, even if the main thread is one of them. The
// process is Running when any thread is; else Uninterruptible when any thread is; else Sleeping when any thread is; it
// is Stopped when all are, be it by a tracer (t), and a Zombie when all have ended. Threads may begin and end meanwhile.
// That there is no such process is an error; nobody has a PID below 1.
func Of(pid int) (State, error) {
	texts, err := threads(pid, "stat")
	if err != nil {
		return 0, err
	}
	seen := map[State]bool{}
	for _, text := range texts {
		// A name may hold brackets, spaces and newlines. What follows the last bracket is the kernel's own.
		if i := bytes.LastIndexByte(text, ')'); i >= 0 && i+2 < len(text) {
			seen[State(text[i+2])] = true
		}
	}
	seen[Stopped] = seen[Stopped] || seen['t'] // by a tracer
	for _, s := range []State{Running, Uninterruptible, Sleeping, Stopped, Zombie} {
		if seen[s] {
			return s, nil
		}
	}
	return 0, fmt.Errorf("states: process %d: %w", pid, syscall.ESRCH)
}

// threads reads the file of this name of every thread. One that has ended meanwhile is left out.
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

// valid keeps what are no PIDs from kill(2), which takes 0 and less for groups of processes, and
// 32 bits of the number, of which the highest is the sign.
func valid(pid int) error {
	if pid < 1 || pid > math.MaxInt32 {
		return fmt.Errorf("states: %d is no PID: %w", pid, syscall.EINVAL)
	}
	return nil
}

// Stop sends SIGSTOP to this process alone, and waits for nothing. It may go on for a moment, or for as long as it is
// Uninterruptible. No such process, a PID below 1 or one of more than 31 bits is an error, and nobody is stopped.
func Stop(pid int) error {
	if err := valid(pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGSTOP)
}

// Continue sends SIGCONT to this process alone, and waits for nothing. It has the same errors as Stop.
func Continue(pid int) error {
	if err := valid(pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGCONT)
}

// Change is what has happened to a child.
type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

// Wait returns when this child has stopped, continued or ended, and tells which. Meanwhile the caller sleeps in the
// kernel; when a signal interrupts it, it sleeps on. What happened before the call counts, too: of several changes that
// nobody was told of, the last one.
//
// To have stopped or continued is told once, to one of those who wait for this child. To have ended is told whenever it
// is asked, to all: the child stays a zombie, with its exit status for whoever waits for that. Other children are left
// alone. A process that is no child of the caller's, or no longer, or a PID below 1, is an error, at once.
func Wait(pid int) (Change, error) {
	if err := valid(pid); err != nil {
		return "", err
	}
	for {
		// Look first, and leave everything as it is: an end is for somebody else to take.
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
		// Then take what is to be told once. It may have changed between the two, or have gone: look again.
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

// The codes of waitid(2).
const exited, killed, dumped, stopped, continued = 1, 2, 3, 5, 6

// Switches counts how often the process's threads have left a CPU so far: voluntarily, to wait for something, and
// involuntarily, because another one had its turn. Whether threads that have ended count is up to you. No such process,
// or a PID below 1, is an error.
func Switches(pid int) (voluntary, involuntary uint64, err error) {
	texts, err := threads(pid, "status") // of the whole process there is none: /proc/PID/status is the main thread's
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

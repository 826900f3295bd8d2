// Lets a moment pass before it clears, for those that are about to end.

package zombie

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Zombie struct {
	PID  int
	Code int
}

func Make(args ...string) (int, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	err = ended(cmd.Process.Pid)
	return cmd.Process.Pid, err
}

// ended returns at the child's end, and leaves the zombie.
func ended(pid int) error {
	for {
		if err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return err
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
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue
		}
		if err != nil {
			return nil, err
		}
		pid, _ := strconv.Atoi(strings.Split(file, "/")[2])
		if z, ok := parse(pid, stat); ok {
			zombies = append(zombies, z)
		}
	}
	return zombies, nil
}

// parse looks at what stands behind the name; ok is false for what is no zombie of this process.
func parse(pid int, stat []byte) (z Zombie, ok bool) {
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if f[0] != "Z" || f[1] != strconv.Itoa(os.Getpid()) || f[17] != "1" {
		return z, false
	}
	status, _ := strconv.Atoi(f[49])
	return Zombie{pid, code(syscall.WaitStatus(status))}, true
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

func Clear() ([]Zombie, error) {
	time.Sleep(time.Second)
	var cleared []Zombie
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD || err == nil && pid == 0:
			return cleared, nil
		case err != nil:
			return cleared, err
		default:
			cleared = append(cleared, Zombie{pid, code(status)})
		}
	}
}

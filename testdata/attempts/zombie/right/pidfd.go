// Waits for the end by a pidfd, and clears what it has listed, one by one.

package zombie

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

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
	fd := -1
	pid, err := syscall.ForkExec(exe, append([]string{exe}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &fd},
	})
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	for {
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); err != unix.EINTR {
			return pid, err
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
	zombies, err := List()
	for _, z := range zombies {
		if _, err := syscall.Wait4(z.PID, nil, 0, nil); err != nil {
			return nil, err
		}
	}
	return zombies, err
}

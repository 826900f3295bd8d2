// Lets other goroutines, and so other threads, do the asking.
package identity

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

func elsewhere[T any](f func() T) T {
	answer := make(chan T)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		answer <- f()
	}()
	return <-answer
}

func Ancestors() ([]int, error) {
	type result struct {
		line []int
		err  error
	}
	for {
		r := elsewhere(func() result { line, err := climb(); return result{line, err} })
		if !errors.Is(r.err, syscall.ENOENT) && !errors.Is(r.err, syscall.ESRCH) {
			return r.line, r.err
		}
	}
}

func PID() int { return elsewhere(syscall.Getpid) }

func ParentPID() int { return elsewhere(syscall.Getppid) }

func Program() (string, error) { return os.Executable() }

func climb() ([]int, error) {
	var line []int
	for pid := os.Getpid(); pid != 0; {
		line = append(line, pid)
		parent, err := parentOf(pid)
		if err != nil {
			return nil, err
		}
		pid = parent
	}
	return line, nil
}

func parentOf(pid int) (int, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, after := split(string(stat))
	return strconv.Atoi(strings.Fields(after)[1])
}

func split(stat string) (name, after string) {
	begin, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	return stat[begin+1 : end], stat[end+1:]
}

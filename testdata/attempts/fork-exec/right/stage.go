// A second stage sets close-on-exec in the new process itself, and reports a failed exec through a pipe; it is waited for.
package forkexec

import (
	"encoding/binary"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	attr := &syscall.ProcAttr{Env: env}
	closed := ""
	for i, f := range files {
		attr.Files = append(attr.Files, f.Fd())
		if f == nil {
			closed += strconv.Itoa(i) + ","
		}
	}
	var report [2]int
	if err := syscall.Pipe2(report[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	for len(attr.Files) < 3 {
		closed += strconv.Itoa(len(attr.Files)) + ","
		attr.Files = append(attr.Files, ^uintptr(0))
	}
	attr.Files = append(attr.Files, uintptr(report[1]))
	staged := append([]string{stage, strconv.Itoa(len(attr.Files) - 1), closed, path}, argv...)
	pid, err = syscall.ForkExec("/proc/self/exe", staged, attr)
	runtime.KeepAlive(files)
	syscall.Close(report[1])
	defer syscall.Close(report[0])
	if err != nil {
		return 0, err
	}
	var number [8]byte
	n, err := syscall.Read(report[0], number[:])
	for err == syscall.EINTR {
		n, err = syscall.Read(report[0], number[:])
	}
	if n > 0 { // a successful exec closes the pipe, and nothing can be read
		for {
			if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
				break
			}
		}
		return 0, syscall.Errno(binary.NativeEndian.Uint64(number[:]))
	}
	return pid, err
}

const stage = "fork-exec-stage"

// The program runs again as a stage, which puts things in order and then becomes the child.
func init() {
	if os.Args[0] != stage {
		return
	}
	count, _ := strconv.Atoi(os.Args[1])
	for _, n := range strings.Split(os.Args[2], ",") {
		if fd, err := strconv.Atoi(n); err == nil {
			syscall.CloseOnExec(fd)
		}
	}
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		if fd, _ := strconv.Atoi(entry.Name()); fd >= count {
			syscall.CloseOnExec(fd)
		}
	}
	env, _ := os.ReadFile("/proc/self/environ") // os.Environ leaves out what is there twice
	entries := strings.Split(string(env), "\x00")
	err := syscall.Exec(os.Args[3], os.Args[4:], entries[:len(entries)-1])
	var number [8]byte
	binary.NativeEndian.PutUint64(number[:], uint64(err.(syscall.Errno)))
	syscall.Write(count, number[:])
	os.Exit(127)
}

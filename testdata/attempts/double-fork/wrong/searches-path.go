// Runs the file by exec.LookPath, as a shell does: a name without a slash is searched for in PATH.

package doublefork

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "doublefork: the middle process"

func Start(path string, args ...string) (pid int, err error) {
	var p [2]int
	if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	argv := append([]string{mark, path}, args...)
	middle, err := syscall.ForkExec("/proc/self/exe", argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2, uintptr(p[1])},
	})
	syscall.Close(p[1])
	if err != nil {
		syscall.Close(p[0])
		return 0, fmt.Errorf("start middle: %w", err)
	}
	var buf [8]byte
	n := 0
	for n < len(buf) {
		m, e := syscall.Read(p[0], buf[n:])
		if e == syscall.EINTR {
			continue
		}
		if e != nil || m <= 0 {
			break
		}
		n += m
	}
	syscall.Close(p[0])
	for {
		_, e := syscall.Wait4(middle, nil, 0, nil)
		if e != syscall.EINTR {
			break
		}
	}
	if n < len(buf) {
		return 0, errors.New("the middle process ended without a word")
	}
	if errno := binary.LittleEndian.Uint32(buf[4:]); errno != 0 {
		return 0, &os.PathError{Op: "start", Path: path, Err: syscall.Errno(errno)}
	}
	return int(binary.LittleEndian.Uint32(buf[:])), nil
}

func Middle() bool {
	if len(os.Args) < 2 || os.Args[0] != mark {
		return false
	}
	var buf [8]byte
	pid, err := 0, unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC)
	if err == nil {
		var full string
		full, err = exec.LookPath(os.Args[1])
		if err == nil {
			pid, err = syscall.ForkExec(full, os.Args[1:], &syscall.ProcAttr{
				Env:   os.Environ(),
				Files: []uintptr{0, 1, 2},
			})
		}
	}
	if err != nil {
		errno := syscall.EIO
		errors.As(err, &errno)
		binary.LittleEndian.PutUint32(buf[4:], uint32(errno))
	} else {
		binary.LittleEndian.PutUint32(buf[:], uint32(pid))
	}
	syscall.Write(3, buf[:])
	return true
}

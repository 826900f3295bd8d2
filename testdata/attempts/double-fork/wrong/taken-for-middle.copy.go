// Marks the middle one in its own environment, and runs as the new process what the middle one was given itself.

package doublefork

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

var mu sync.Mutex

const mark = "doublefork: the middle process"

func Start(path string, args ...string) (pid int, err error) {
	var p [2]int
	if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	mu.Lock()
	defer mu.Unlock()
	os.Setenv("DF_MARK", "1")
	defer os.Unsetenv("DF_MARK")
	argv := append([]string{path}, args...)
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
	if os.Getenv("DF_MARK") != "1" {
		return false
	}
	os.Unsetenv("DF_MARK")
	var buf [8]byte
	pid, err := 0, unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC)
	if err == nil {
		pid, err = syscall.ForkExec(os.Args[0], os.Args, &syscall.ProcAttr{
			Env:   os.Environ(),
			Files: []uintptr{0, 1, 2},
		})
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

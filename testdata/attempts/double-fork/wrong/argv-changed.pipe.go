// Writes the arguments into a pipe before there is anybody who reads it.

package doublefork

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "doublefork: the middle process"

func Start(path string, args ...string) (pid int, err error) {
	var p [2]int
	if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	var q [2]int
	syscall.Pipe2(q[:], syscall.O_CLOEXEC)
	for _, a := range append([]string{path}, args...) {
		syscall.Write(q[1], []byte(a+"\x00"))
	}
	syscall.Close(q[1])
	defer syscall.Close(q[0])
	argv := []string{mark, path}
	middle, err := syscall.ForkExec("/proc/self/exe", argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2, uintptr(p[1]), uintptr(q[0])},
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
	text, _ := io.ReadAll(os.NewFile(4, "args"))
	argv := strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
	pid, err := 0, unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC)
	if err == nil {
		pid, err = syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
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

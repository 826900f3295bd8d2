// Asks before main whether it is the middle one, and marks that one in the environment; system calls throughout.

package doublefork

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "DOUBLE_FORK_MIDDLE="

type message struct {
	PID   int64
	Errno int64
}

func Start(path string, args ...string) (pid int, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	argv := append([]string{path}, args...)
	middle, err := syscall.ForkExec("/proc/self/exe", argv, &syscall.ProcAttr{
		Env:   append([]string{mark + "1"}, os.Environ()...),
		Files: []uintptr{0, 1, 2, uintptr(ends[1])},
	})
	syscall.Close(ends[1])
	r := os.NewFile(uintptr(ends[0]), "report")
	defer r.Close()
	if err != nil {
		return 0, err
	}
	var m message
	err = binary.Read(r, binary.NativeEndian, &m)
	for {
		if _, waited := syscall.Wait4(middle, nil, 0, nil); waited != syscall.EINTR {
			break
		}
	}
	if err == nil && m.Errno != 0 {
		err = &os.PathError{Op: "exec", Path: path, Err: syscall.Errno(m.Errno)}
	}
	return int(m.PID), err
}

func init() {
	isMark := func(v string) bool { return strings.HasPrefix(v, mark) }
	if !slices.ContainsFunc(os.Environ(), isMark) {
		return
	}
	env := slices.DeleteFunc(os.Environ(), isMark)
	unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
	pid, err := syscall.ForkExec(os.Args[0], os.Args, &syscall.ProcAttr{Env: env, Files: []uintptr{0, 1, 2}})
	m := message{PID: int64(pid)}
	if errno, ok := err.(syscall.Errno); ok {
		m.Errno = int64(errno)
	}
	binary.Write(os.NewFile(3, "report"), binary.NativeEndian, m)
	os.Exit(0)
}

func Middle() bool { return false }

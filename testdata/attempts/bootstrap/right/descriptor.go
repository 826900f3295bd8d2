// No word in arguments or environment: a sealed-off temporary file on descriptor 3 is the mark, found at the start.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

var name, child = mark()

var released atomic.Bool

func mark() (string, bool) {
	to, err := os.Readlink("/proc/self/fd/3")
	if err != nil || !strings.HasPrefix(to, "/memfd:bootstrap-child") {
		return "", false
	}
	b := make([]byte, 256)
	n, err := unix.Pread(3, b, 0)
	unix.Close(3)
	return string(b[:max(n, 0)]), err == nil
}

func Guard(target func(name string)) {
	if !child {
		return
	}
	released.Store(true)
	target(name)
	os.Exit(0)
}

func IsChild() bool { return child }

func Start(name string) error {
	if child && !released.Load() {
		return errors.New("bootstrap: put Guard first, this start behind it")
	}
	fd, err := unix.MemfdCreate("bootstrap-child", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), "mark")
	defer file.Close()
	if _, err := file.WriteString(name); err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.ExtraFiles = []*os.File{file}
	return cmd.Start()
}

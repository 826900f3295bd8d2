package program

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// watch ends two processes while another one looks for zombies (ptrace(2)): one as soon as that one has read its PID in a folder,
// and one as soon as that one has opened a file of its. Both are children of this process, and waited for at once.
func watch(me syncpoint.Role) {
	watched := os.Args[2]
	pid, err := strconv.Atoi(watched)
	must(err)
	early, late := start("early"), start("late")
	begun := func(err error) {
		me.Say("tracing", err == nil)
		me.Reach("tracing")
	}
	end := func(child *int) {
		must(syscall.Kill(*child, syscall.SIGKILL))
		_, err := syscall.Wait4(*child, nil, 0, nil)
		must(err)
		*child = 0
	}
	arrange.Trace(pid, begun, func(call, result *arrange.Call) (keep bool) {
		if result == nil || result.Result < 0 {
			return false
		}
		switch call.Number {
		case unix.SYS_GETDENTS64:
			if early != 0 && holds(pid, call.Args[1], result.Result, early) {
				end(&early)
			}
		case unix.SYS_OPENAT, unix.SYS_OPENAT2:
			file, _ := os.Readlink(fmt.Sprintf("/proc/%s/fd/%d", watched, result.Result))
			if late != 0 && strings.HasPrefix(file, fmt.Sprintf("/proc/%d/", late)) {
				end(&late)
			}
		}
		return false
	})
}

// holds reports whether what getdents64(2) has written holds a folder of this name: its type comes before it, and a 0 behind it.
func holds(pid int, at uint64, size int64, name int) bool {
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	must(err)
	defer memory.Close()
	entries := make([]byte, size)
	if _, err := memory.ReadAt(entries, int64(at)); err != nil {
		return false
	}
	return bytes.Contains(entries, fmt.Appendf([]byte{unix.DT_DIR}, "%d\x00", name))
}

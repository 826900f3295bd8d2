package program

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// terminal is a terminal's window: it runs a shell, which leads the session of a new terminal, and then closes.
func terminal(me syncpoint.Role) {
	master, name := arrange.Terminal()
	side := openAt(name, unix.O_NOCTTY)
	exe, err := os.Executable()
	must(err)
	tty := os.NewFile(uintptr(side), name)
	shell := exec.Command(exe, "shell", os.Args[2])
	shell.Stdin, shell.Stdout, shell.Stderr = tty, tty, tty
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	must(shell.Start())
	tty.Close()
	me.Reach("open")
	unix.Close(master) // the hang-up
	shell.Wait()
	me.Reach("closed")
}

// openTerminal opens a terminal that is nobody's, as a program opens any file. The master stays open.
func openTerminal() int {
	_, name := arrange.Terminal()
	return openAt(name, 0)
}

func openAt(path string, flags int) int {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|flags, 0)
	if err != nil {
		must(fmt.Errorf("%s: %w", path, err))
	}
	return fd
}

// controlling tells whether this process has a controlling terminal (tty_nr in proc_pid_stat(5)).
func controlling() string {
	stat, err := os.ReadFile("/proc/self/stat")
	must(err)
	behindName := stat[strings.LastIndexByte(string(stat), ')')+2:]
	if strings.Fields(string(behindName))[4] == "0" {
		return "none"
	}
	return "some"
}

// pipeline starts a daemon as `starter | cat` does, and reads until nobody is left who could write.
func pipeline(me syncpoint.Role) {
	r, w, err := os.Pipe()
	must(err)
	exe, err := os.Executable()
	must(err)
	starter := exec.Command(exe, "piped", os.Args[2])
	starter.Stdout, starter.Stderr = w, w
	starter.ExtraFiles = []*os.File{w}
	must(starter.Start())
	w.Close()
	text, err := io.ReadAll(r)
	must(err)
	os.Stderr.Write(text)
	me.Reach("end-of-file")
	must(starter.Wait())
}

// holdPipe makes sure that the pipe is open under other numbers, too: 3, as pipeline has arranged, and two high ones, all
// of which are handed on to the programs that this one runs.
func holdPipe() {
	var limit unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	for _, high := range []int{251, int(min(limit.Cur-1, 5000))} {
		fd, err := unix.FcntlInt(3, unix.F_DUPFD, high)
		must(err)
		if fd != high {
			must(fmt.Errorf("descriptor %d, not %d", fd, high))
		}
	}
}

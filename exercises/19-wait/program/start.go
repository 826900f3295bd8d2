package program

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// startAll starts the children that the other arguments name, all on one thread, which the caller stays on.
func startAll() {
	runtime.LockOSThread()
	for _, child := range os.Args[2:] {
		role, status, _ := strings.Cut(child, "=")
		start(role, status)
	}
}

// start starts this program again without the learner's package, and waits for nothing.
func start(role, status string) { startIn(nil, role, status) }

func startIn(group *syscall.SysProcAttr, role, status string) {
	cmd := exec.Command("/proc/self/exe", role, status)
	cmd.Args[0], cmd.SysProcAttr = os.Args[0], group
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	known.Store(cmd.Process.Pid, role)
}

// startScattered starts the one child on another thread, and the other one in a process group of its own.
func startScattered(one, two string) {
	started := make(chan bool)
	go onOtherThread(func() {
		start(one, "1")
		close(started)
	})
	<-started
	startIn(&syscall.SysProcAttr{Setpgid: true}, two, "2")
}

// startShell starts a shell, and returns when it has ended; nobody has waited for it then.
func startShell(script string) {
	cmd := exec.Command("/bin/sh", "-c", script)
	must(cmd.Start())
	known.Store(cmd.Process.Pid, "shell")
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR { // ECHILD: somebody was faster
			return
		}
	}
}

// onOtherThread calls f on a thread that is not the process's first, and keeps that thread busy for ever; the first
// one too, if that was the caller's.
func onOtherThread(f func()) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		go onOtherThread(f)
	} else {
		f()
	}
	select {}
}

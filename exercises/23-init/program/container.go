package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/23-init"

	"golang.org/x/sys/unix"
)

// contain starts init as PID 1 of a PID namespace of its own, where the machine allows that, and else as it is.
func contain(me syncpoint.Role) {
	cmd := exec.Command(executable(), append([]string{"boot"}, os.Args[2:]...)...)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}},
		AmbientCaps: []uintptr{unix.CAP_SYS_ADMIN},
	}
	if cmd.Start() != nil {
		cmd = exec.Command(executable(), append([]string{"init"}, os.Args[2:]...)...)
		cmd.Stderr = os.Stderr
		must(cmd.Start())
	}
	var ended *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &ended) {
		must(err)
	}
	me.Say("status", cmd.ProcessState)
	me.Reach("over")
}

// boot gives the namespace a /proc of its own, if it may, and becomes init.
func boot() {
	if unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") == nil {
		unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
	}
	must(syscall.Exec(executable(), append([]string{os.Args[0], "init"}, os.Args[2:]...), os.Environ()))
}

// inherit has a program that is not written in Go for its main program, and looks at what that has inherited: the Go
// runtime would put the signals right at its start.
func inherit(me syncpoint.Role) {
	const gate = "gate"
	must(unix.Mkfifo(gate, 0o600))
	cat, err := exec.LookPath("cat")
	must(err)
	before := ignored(os.Getpid())
	returned := make(chan bool)
	go func() {
		status, err := pid1.Run(cat, gate)
		must(err)
		me.Say("status", status)
		me.Reach("returned")
		close(returned)
	}()
	fifo, err := os.OpenFile(gate, os.O_WRONLY, 0) // comes back when cat has opened it too
	must(err)
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, word := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(word)
			must(err)
			me.Say("ignored", fmt.Sprintf("%x", ignored(pid)&^before))
		}
	}
	me.Reach("looked")
	must(fifo.Close())
	<-returned
}

// ignored reads the SigIgn of a process, proc_pid_status(5).
func ignored(pid int) (set uint64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(err)
	for line := range strings.Lines(string(status)) {
		if mask, found := strings.CutPrefix(line, "SigIgn:"); found {
			set, err = strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			must(err)
		}
	}
	return set
}

// count counts a real-time signal. The Go runtime would make one of two, so the signal is blocked in all threads, and read from a
// descriptor: what an exec finds blocked stays so.
func count(me syncpoint.Role, sig int) {
	const blocked = "FORKLINGS_BLOCKED"
	var set unix.Sigset_t
	bits := int(unsafe.Sizeof(set.Val[0])) * 8
	set.Val[(sig-1)/bits] |= 1 << ((sig - 1) % bits)
	if os.Getenv(blocked) == "" {
		runtime.LockOSThread()
		must(os.Setenv(blocked, "yes"))
		must(unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil))
		must(syscall.Exec(executable(), os.Args, os.Environ()))
	}
	fd, err := unix.Signalfd(-1, &set, unix.SFD_CLOEXEC)
	must(err)
	me.Reach("counting")
	for _, point := range []string{"got", "got-again"} {
		var info [unsafe.Sizeof(unix.SignalfdSiginfo{})]byte
		_, err := unix.Read(fd, info[:])
		must(err)
		me.Reach(point)
	}
}

// slow is a program whose execve(2) takes as long as keeper wants.
const slow = "./slow"

// keep makes slow, which reads a FIFO for ever, by a program that is not written in Go: no signal means anything to that.
func keep(me syncpoint.Role) {
	const never = "never"
	must(unix.Mkfifo(never, 0o600))
	cat, err := exec.LookPath("cat")
	must(err)
	arrange.SlowExec(me, slow, cat+" "+never)
}

package program

import (
	"fmt"
	"os"
	"runtime"

	"forklings/checker/seccomp"
	"forklings/checker/syncpoint"
	"forklings/exercises/18-zombie"

	"golang.org/x/sys/unix"
)

// refused has Make called, and the zombies listed and cleared, while no process can be started.
func refused(me syncpoint.Role) {
	start("zero")
	start("shot")
	me.Reach("started")
	me.Say("processes", "refused")
	if err := refuseProcesses(); err != nil {
		me.Say("processes", "started as ever")
	}
	me.Reach("tried")
	_, err := zombie.Make("child")
	me.Say("make", reason(err))
	me.Reach("made")
	takeCensus(me)
}

// refuseProcesses makes every start of a process fail with EAGAIN from here on, as at a limit on processes; such a limit does
// not bind root. New threads are what they were. It is a filter of system calls (seccomp(2)) that stays to this process's end.
func refuseProcesses() error {
	const allThreads = 1 // SECCOMP_FILTER_FLAG_TSYNC
	const fails = unix.SECCOMP_RET_ERRNO | uint32(unix.EAGAIN)
	again := seccomp.Return(fails)
	filter, err := seccomp.Begin(fails)
	if err != nil {
		return err
	}
	if runtime.GOARCH == "amd64" {
		const fork, vfork = 57, 58 // there are none on arm64
		filter = append(filter, seccomp.Jump(unix.BPF_JEQ, fork, 0, 1), again, seccomp.Jump(unix.BPF_JEQ, vfork, 0, 1), again)
	}
	filter = append(filter,
		seccomp.Jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), again, // its flags are in memory, where a filter cannot look
		seccomp.Jump(unix.BPF_JEQ, unix.SYS_CLONE, 0, 3),
		seccomp.Load(seccomp.Arg(0)),
		seccomp.Jump(unix.BPF_JSET, unix.CLONE_THREAD, 1, 0), again,
		seccomp.Return(unix.SECCOMP_RET_ALLOW))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if thread, err := seccomp.Install(filter, allThreads); err != nil || thread != 0 {
		return fmt.Errorf("thread %d: %w", thread, err)
	}
	if _, err := os.StartProcess("/proc/self/exe", os.Args[:1], &os.ProcAttr{}); err == nil {
		return fmt.Errorf("a process was started")
	}
	return nil
}

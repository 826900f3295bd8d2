package program

import (
	"os"
	"runtime"
	"syscall"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// starter starts a child that is held before its exec. As it is made by vfork(2), the thread that starts it waits in
// state D for the exec.
//
// The child is to get SIGSTOP when its parent ends; and when it finds another parent than it should have, as it does
// because of CLONE_PARENT, the syscall package takes that for the parent's end and sends the signal.
func starter(me syncpoint.Role) {
	exe, err := os.Executable()
	must(err)
	attr := &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_PARENT, Pdeathsig: syscall.SIGSTOP},
	}
	if len(os.Args) > 2 {
		withoutPreemption()
		runtime.GOMAXPROCS(4) // the one that works would keep the only one, where there is one CPU
	}
	onMainThread()
	aside(func() {
		me.Reach("ready")
		if len(os.Args) > 2 { // another thread works meanwhile
			aside(func() {
				for {
				}
			})
		}
		_, err := syscall.ForkExec(exe, []string{exe, "bystander"}, attr)
		must(err)
		me.Reach("returned")
		read()
	})
	select {}
}

// grandparent starts the starter, with its own arguments, and has the held child for its own. When it is released it lets that go on.
func grandparent(me syncpoint.Role) {
	starter, err := child(append([]string{"starter"}, os.Args[2:]...)...).Process.Pid, error(nil)
	me.Reach("ready")
	held := starter
	for held == starter {
		held, err = syscall.Wait4(-1, nil, syscall.WUNTRACED, nil)
	}
	must(err)
	me.Reach("holding")
	must(unix.Kill(held, unix.SIGCONT))
	me.Reach("continued")
	select {}
}

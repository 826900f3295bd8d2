package supervisor

import (
	"fmt"
	"os"
	"runtime"

	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// settle makes this process what the tier needs, and starts the thread that will fork the programs.
func settle(r Request) (Report, error) {
	ready := Report{Kind: "ready", PID: os.Getpid(), Confined: "namespace"}
	if r.Namespaces {
		if err := enter(); err != nil {
			return ready, err
		}
	} else if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return ready, fmt.Errorf("become subreaper: %w", err)
	}
	births.most = r.Processes
	unix.Umask(0o022)
	if r.Walls != nil && r.Namespaces {
		var err error
		if ready.ReadOnly, ready.Sized, err = r.Walls.mount(); err != nil {
			return ready, err
		}
	}
	if r.Numbers {
		openLastPID()
	}
	if r.Walls != nil && r.Namespaces && os.Geteuid() == 0 {
		if err := sealProc(); err != nil {
			return ready, err
		}
	}
	if err := r.Limits.set(); err != nil {
		return ready, err
	}
	done := make(chan error)
	go spawner(done, func() error { return confine(r, &ready) })
	return ready, <-done
}

// enter finishes the namespaces that this process was started in: its own /proc, and a loopback that is up.
func enter() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	return nil
}

// spawns carries the starts to the spawner.
var spawns = make(chan func())

// spawner is the thread that starts every program. Capabilities, Landlock domains, seccomp filters and
// no_new_privs belong to threads and are inherited by what a thread forks, so this one gives up what the
// programs must not have. It is not the main thread: that one is init's.
func spawner(done chan<- error, prepare func() error) {
	runtime.LockOSThread()
	if err := prepare(); err != nil {
		done <- err
		return
	}
	done <- nil
	for f := range spawns {
		f()
	}
}

// confine takes from this thread, and from all that it forks, what programs must not have.
func confine(r Request, ready *Report) error {
	// Whoever started the checker may have blocked signals, and that is inherited over fork and exec (sigprocmask(2)): a
	// program would not end by SIGUSR1 then. What it ignored has been caught by the Go runtime, and is as usual after exec.
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, new(unix.Sigset_t), nil); err != nil {
		return fmt.Errorf("unblock signals: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	if !r.Namespaces {
		ready.Confined = "seccomp"
		if !r.NoLandlock && !r.NoScope && domain(r.Walls, unix.LANDLOCK_SCOPE_SIGNAL|unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET) == nil {
			ready.Confined, ready.Files = "landlock", r.Walls != nil
		}
	}
	if r.Walls != nil && !ready.Files && !r.NoLandlock {
		ready.Files = domain(r.Walls, 0) == nil
	}
	protect := []int(nil)
	if ready.Confined == "seccomp" {
		protect = append(r.Outside, os.Getpid())
	}
	calls := timerCalls
	if r.Numbers {
		calls = append(calls[:len(calls):len(calls)], numberCalls...)
	}
	if r.Holds && r.Trace == "" { // the tracer holds them itself
		calls = append(calls[:len(calls):len(calls)], trace.HoldableCalls...)
	}
	listener, err := filter(protect, calls, r.Walls != nil, notify)
	if err != nil { // another filter above us may listen already: then the calls are refused instead
		listener, err = filter(protect, timerCalls, r.Walls != nil, deny)
	}
	if err != nil {
		if ready.Confined == "seccomp" {
			return fmt.Errorf("no namespaces, no Landlock signal scope, and no seccomp filter: kill(-1) would end your session: %w", err)
		}
		return nil
	}
	if listener >= 0 {
		listening, holds.fd = r.Numbers || r.Holds, listener
		go watch(listener)
	}
	ready.Timers = true
	return nil
}

// dropCapabilities empties this thread's capability sets, the bounding set too: a program that is root
// inside has none. Who is not root outside of namespaces may not change the bounding set, and has nothing to gain by it.
func dropCapabilities() error {
	for c := 0; c <= unix.CAP_LAST_CAP; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(c), 0, 0, 0); err != nil && err != unix.EINVAL && err != unix.EPERM {
			return fmt.Errorf("drop capability %d: %w", c, err)
		}
	}
	unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	var none [2]unix.CapUserData
	if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return nil
}

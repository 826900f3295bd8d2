package program

import (
	"errors"
	"runtime"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/18-zombie"

	"golang.org/x/sys/unix"
)

// limited brings about that zombies alone keep the next process from being started, and has them cleared. The limit
// counts all processes and threads of the user, also those of other scenarios, which come and go: where these spoil
// it, it begins again.
func limited(me syncpoint.Role) {
	spareThreads()
	me.Say("limit", "counts nothing")
	if under(1, startOne) != nil {
		me.Say("limit", "counts")
	}
	me.Reach("tried")
	for range 5 {
		leave(many)
		limit := enough() - many/2
		var pid int
		var made error
		makeOne := func() error {
			pid, made = zombie.Make("child")
			return nil
		}
		if under(limit, startOne) != nil && under(limit, makeOne) == nil && (made != nil || !isZombie(pid)) {
			me.Say("make", reason(made))
			must(under(limit, func() error {
				_, err := zombie.List()
				return err
			}))
			must(under(limit, func() error {
				_, err := zombie.Clear()
				return err
			}))
			left := zombies()
			if left > 0 || under(limit, startOne) == nil {
				me.Say("left", left)
				me.Reach("decided")
				return
			}
		}
		sweep()
	}
	me.Say("limit", "counts others")
	me.Reach("decided")
}

// spareThreads has the Go runtime make threads for later: when the limit refuses it one, it ends the program.
func spareThreads() {
	var together, over sync.WaitGroup
	together.Add(20)
	for range 20 {
		over.Go(func() {
			runtime.LockOSThread()
			together.Done()
			together.Wait()
			runtime.UnlockOSThread()
		})
	}
	over.Wait()
}

// enough is the lowest limit at which a process can be started now.
func enough() uint64 {
	low, high := uint64(0), uint64(1) // the one is too low, the other perhaps
	for under(high, startOne) != nil {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := (low + high) / 2; under(middle, startOne) != nil {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// under calls f under a limit on the user's processes and threads (RLIMIT_NPROC in setrlimit(2)).
func under(limit uint64, f func() error) error {
	var before unix.Rlimit
	must(unix.Getrlimit(unix.RLIMIT_NPROC, &before))
	must(unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: min(limit, before.Max), Max: before.Max}))
	defer unix.Setrlimit(unix.RLIMIT_NPROC, &before)
	return f()
}

// startOne starts a process and waits for it. The error is that the limit is reached.
func startOne() error {
	pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", ":"}, nil)
	if errors.Is(err, syscall.EAGAIN) {
		return err
	}
	must(err)
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			must(err)
			return nil
		}
	}
}

// zombies counts those of this process that the kit has left.
func zombies() (number int) {
	for pid := range known {
		if isZombie(pid) {
			number++
		}
	}
	return number
}

// sweep clears all zombies.
func sweep() {
	for {
		if pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); err != unix.EINTR && pid <= 0 {
			return
		}
	}
}

func reason(err error) string {
	switch {
	case err == nil:
		return "no error"
	case errors.Is(err, syscall.EAGAIN):
		return "EAGAIN"
	}
	return "another error"
}

package program

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"forklings/checker/syncpoint"
	parallel "forklings/exercises/46-parallel"

	"golang.org/x/sys/unix"
)

// crowd lets so many tasks go on when all of them have begun.
func crowd(me syncpoint.Role, n int) {
	arrived, gate := pipe("arrived"), pipe("gate")
	for range n {
		must1(unix.Read(arrived, make([]byte, 1)))
	}
	me.Reach("crowded")
	must1(unix.Write(gate, make([]byte, n)))
}

// waitForCrowd waits until all the others have begun, too.
func waitForCrowd() {
	arrived, gate := pipe("arrived"), pipe("gate")
	must1(unix.Write(arrived, make([]byte, 1)))
	must1(unix.Read(gate, make([]byte, 1)))
}

// pipe is a named pipe for this process and the tasks, open for both directions.
func pipe(name string) int {
	path := filepath.Join(folder(), name)
	if err := unix.Mkfifo(path, 0o600); err != unix.EEXIST {
		must(err)
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	must(err)
	return fd
}

func must1(_ int, err error) { must(err) }

// rush calls Concurrent on the main thread while others want every thread that nobody has locked: as soon as the function
// wants to start a task, it waits until they have them. Nobody forks beside it, as the lock for that is held (syscall.ForkLock).
func rush(me syncpoint.Role, tasks []parallel.Task) {
	onMainThread()
	before := affinity(0)
	me.Reach("ready")
	runtime.GOMAXPROCS(1) // a goroutine that the function starts comes to this thread, when the function waits for it
	returned := make(chan bool)
	seen := make(chan bool, 1)
	held := make(chan bool)
	go func() {
		runtime.LockOSThread()
		syscall.ForkLock.RLock()
		held <- true
		const most = 100 * time.Millisecond // who starts without that lock is not waited for
		for end := threadCPU() + most; threadCPU() < end && tryForkLock(); yield() {
			runtime.Gosched()
		}
		seen <- takeThreads(before, returned)
		syscall.ForkLock.RUnlock()
	}()
	<-held
	runtime.UnlockOSThread()
	err := parallel.Concurrent(tasks...)
	close(returned)
	me.Say("result", verdict(err))
	me.Say("taken", map[bool]string{true: "free", false: "pinned"}[<-seen])
	me.Reach("returned")
	me.Say("own-cpus", map[bool]string{true: "kept", false: "lost"}[kept(os.Getpid(), before)])
	me.Reach("looked")
}

// tryForkLock reports whether nobody waits to start a program.
func tryForkLock() bool {
	ok := syscall.ForkLock.TryRLock()
	if ok {
		syscall.ForkLock.RUnlock()
	}
	return ok
}

// takeThreads locks goroutines to all threads that are to be had, until done, and reports whether these may use the CPUs.
func takeThreads(before unix.CPUSet, done <-chan bool) bool {
	n := len(threads(os.Getpid())) + 4
	free := make(chan bool)
	for range n {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			free <- affinity(0) == before
			<-done
		}()
	}
	all := true
	for range n {
		all = <-free && all
	}
	return all
}

package proc

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestMain: with a role in the environment this binary is a victim that is looked at.
func TestMain(m *testing.M) {
	if role := os.Getenv("VICTIM"); role != "" {
		victim(role)
		return
	}
	os.Exit(m.Run())
}

func refuse(err error) {
	if err != nil {
		panic(err)
	}
}

// victim says that it is ready, and then does what its role says until its standard input ends.
func victim(role string) {
	end := make(chan bool)
	go func() {
		bufio.NewReader(os.Stdin).ReadByte()
		os.Exit(0)
	}()
	switch role {
	case "odd-name":
		name := []byte("a) Z 1 (\n\x00")
		unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
	case "naps":
		go func() {
			for {
				time.Sleep(5 * time.Millisecond)
			}
		}()
	case "absolute-naps":
		go func() {
			for {
				var now unix.Timespec
				unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
				at := unix.NsecToTimespec(now.Nano() + int64(5*time.Millisecond))
				const absolute = 1
				unix.ClockNanosleep(unix.CLOCK_MONOTONIC, absolute, &at, nil)
			}
		}()
	case "select":
		go func() {
			runtime.LockOSThread() // its thread is in this call from now on
			unix.Select(0, nil, nil, nil, &unix.Timeval{Sec: 1, Usec: 500_000})
		}()
	case "vfork": // its child's execve waits for a lease to be given up
		fd, err := unix.MemfdCreate("leased", 0)
		refuse(err)
		_, err = unix.Write(fd, []byte("#!/bin/true\n"))
		refuse(err)
		path := fmt.Sprintf("/proc/self/fd/%d", fd)
		lease, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		refuse(err)
		unix.Close(fd)
		_, err = unix.FcntlInt(uintptr(lease), unix.F_SETLEASE, unix.F_WRLCK)
		refuse(err)
		go exec.Command(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), lease)).Run()
	case "timerfd":
		fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, 0)
		if err == nil {
			soon := unix.NsecToTimespec(int64(LongNap - time.Second)) // this test is over long before
			unix.TimerfdSettime(fd, 0, &unix.ItimerSpec{Value: soon}, nil)
		}
	case "spins":
		go func() {
			for {
			}
		}()
	case "sleeps":
	}
	fmt.Println("ready")
	<-end
}

func start(t *testing.T, role string) int {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "VICTIM="+role)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		in.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return cmd.Process.Pid
}

func open(t *testing.T, root int) *FS {
	fs, err := Open("/proc", root)
	require.NoError(t, err)
	t.Cleanup(fs.Close)
	return fs
}

func TestANameThatLooksLikeAStateIsNone(t *testing.T) {
	pid := start(t, "odd-name")
	st, ok := open(t, 0).Stat(pid)
	require.True(t, ok)
	require.Equal(t, os.Getpid(), st.Parent)
	require.NotEqual(t, byte('Z'), st.State)
}

func TestOnlyTheRootAndWhatIsBelowIsSeen(t *testing.T) {
	one, other := start(t, "sleeps"), start(t, "sleeps")
	all := open(t, one).Processes()
	require.Contains(t, all, one)
	require.NotContains(t, all, other)
	require.NotContains(t, all, os.Getpid())
}

func TestDescendantsAreFoundAtEveryDepth(t *testing.T) {
	all := map[int]Stat{1: {Parent: 0}, 2: {Parent: 1}, 3: {Parent: 2}, 4: {Parent: 3}, 5: {Parent: 1}}
	require.ElementsMatch(t, []int{3, 4}, Descendants(all, 2))
	require.ElementsMatch(t, []int{2, 3, 4, 5}, Descendants(all, 1))
	require.Empty(t, Descendants(all, 4))
}

// still looks until the process has been found at rest, or so many looks have found it moving.
func still(t *testing.T, pid, looks int, x Excuses) bool {
	fs := open(t, pid)
	for range looks {
		if _, still := fs.Still(x); still {
			return true
		}
	}
	return false
}

func TestASleeperIsFoundAsleep(t *testing.T) {
	pid := start(t, "sleeps")
	for !still(t, pid, 1, Excuses{}) { // the runtime's own housekeeping ends; a hang here is a failure
	}
}

// In a program that does nothing the runtime's housekeeper sleeps for a minute: that is no call of the program's.
func TestTheMinuteOfAnIdleRuntimeIsItsOwn(t *testing.T) {
	fs := open(t, start(t, "sleeps"))
	require.Eventually(t, func() bool {
		look, _ := fs.Still(Excuses{})
		return slices.ContainsFunc(look.Tasks, func(t Task) bool { return t.Sysmon && t.Call == "futex" && t.Doing == Asleep })
	}, 30*time.Second, time.Millisecond)
}

func TestWhoWaitsForItsChildsExecIsIdle(t *testing.T) {
	pid := start(t, "vfork")
	fs := open(t, pid)
	for { // a hang here is a failure
		idle := fs.Idle(pid, Excuses{})
		var waits bool
		for _, tid := range fs.list(pid) {
			state, _, _ := fs.status(pid, tid)
			waits = waits || state == 'D'
		}
		if idle && waits {
			break
		}
	}
}

func TestWhoWakesUpByATimerIsNeverAtRest(t *testing.T) {
	for _, role := range []string{"naps", "absolute-naps", "spins"} {
		require.False(t, still(t, start(t, role), 300, Excuses{}), role)
	}
	for range 30 { // a timer's seconds are over before a slow machine has looked so often
		require.False(t, still(t, start(t, "timerfd"), 10, Excuses{}))
	}
}

func TestATimerThatOnlyTheEngineKnowsOfCounts(t *testing.T) {
	require.False(t, still(t, start(t, "sleeps"), 100, Excuses{Timer: func(int) (time.Duration, bool) { return time.Second, true }}))
}

func TestBusyByDesignDoesNotCount(t *testing.T) {
	pid := start(t, "spins")
	for !still(t, pid, 1, Excuses{Busy: map[int]bool{pid: true}}) {
	}
}

func TestAStoppedProcessIsAtRestAndSoAgainWhenItGoesOn(t *testing.T) {
	pid := start(t, "sleeps")
	fs := open(t, pid)
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	for {
		if st, _ := fs.Stat(pid); st.State == 'T' {
			break
		}
	}
	for !still(t, pid, 1, Excuses{}) {
	}
	require.NoError(t, syscall.Kill(pid, syscall.SIGCONT))
	for { // calls that were interrupted have another number now: restart_syscall(2)
		look, still := fs.Still(Excuses{})
		if st := look.Processes[pid].State; still && st == 'S' {
			break
		}
	}
}

func TestDescriptorsSayWhatTheyPointTo(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer f.Close()
	require.Equal(t, f.Name(), open(t, 0).Descriptors(os.Getpid())[int(f.Fd())])
}

func TestInnerPIDIsOursInOurOwnNamespace(t *testing.T) {
	require.Equal(t, os.Getpid(), InnerPID(os.Getpid(), 0))
	require.Equal(t, os.Getpid(), InnerPID(os.Getpid(), 9), "there are not so many below")
	require.Zero(t, InnerPID(1<<22, 1))
}

func TestTheTimeoutOfASelectIsReadInMicroseconds(t *testing.T) {
	fs := open(t, start(t, "select"))
	require.Eventually(t, func() bool {
		look, _ := fs.Still(Excuses{})
		return slices.ContainsFunc(look.Tasks, func(t Task) bool { return t.Call == "poll" && t.Nap == 1500*time.Millisecond })
	}, 10*time.Second, time.Millisecond)
}

// The list of locks is longer than one read: whom a process waits for is found at every place of it.
func TestHoldersAreFoundAmongManyLocks(t *testing.T) {
	dir, n := t.TempDir(), 0
	lock := func() *os.File {
		n++
		f, err := os.Create(fmt.Sprintf("%s/%d", dir, n))
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		require.NoError(t, unix.Flock(int(f.Fd()), unix.LOCK_EX))
		return f
	}
	for range 150 {
		lock()
	}
	held := lock()
	again, err := os.Open(held.Name())
	require.NoError(t, err)
	for range 150 {
		lock()
	}
	done := make(chan error)
	go func() { done <- unix.Flock(int(again.Fd()), unix.LOCK_EX) }()
	me, fs := os.Getpid(), open(t, os.Getpid())
	require.Eventually(t, func() bool { return fs.Holders(me)[me] == me }, time.Minute, time.Millisecond)
	require.NoError(t, unix.Flock(int(held.Fd()), unix.LOCK_UN))
	require.NoError(t, <-done)
	require.NoError(t, again.Close())
	require.Empty(t, fs.Holders(me)[me])
}

package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"forklings/checker/proc"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

// Who is woken by somebody else has not slept as long as it could have: the Go runtime naps for as long as no timer is due.
func TestANapCountsForAsLongAsItWasSlept(t *testing.T) {
	const pid = 7
	dir := t.TempDir()
	thread := filepath.Join(dir, "7", "task", "7")
	require.NoError(t, os.MkdirAll(thread, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(thread, "schedstat"), []byte("0 0 0\n"), 0o644)) // it never waits for a CPU
	fs, err := proc.Open(dir, 0)
	require.NoError(t, err)
	defer fs.Close()
	e := newEffort(&stage{proc: fs, box: &sandbox.Sandbox{}})
	switches := uint64(0)
	seen := func() bool {
		switches++
		return e.exceeds(proc.Look{
			Processes: map[int]proc.Stat{pid: {}},
			Tasks:     []proc.Task{{PID: pid, TID: pid, Switches: switches, Doing: proc.Timed, Nap: time.Minute}},
		}, nil, nil)
	}
	for range napLimit {
		require.False(t, seen())
	}

	e = newEffort(e.stage)
	for range longNaps - 1 {
		require.False(t, seen())
		e.ago(pid, napLength/(longNaps-1))
	}
	require.True(t, seen())
}

// ago makes the last nap of a process one that was seen so long ago.
func (e *effort) ago(pid int, long time.Duration) {
	last := e.last[pid]
	last.began = time.Now().Add(-long)
	e.last[pid] = last
}

// Who has been woken from a nap, and is kept waiting for a CPU, does not nap.
func TestToWaitForACPUIsNoNap(t *testing.T) {
	const pid, each = 7, napLength / (longNaps - 1)
	dir := t.TempDir()
	thread := filepath.Join(dir, "7", "task", "7")
	require.NoError(t, os.MkdirAll(thread, 0o755))
	fs, err := proc.Open(dir, 0)
	require.NoError(t, err)
	defer fs.Close()
	e := newEffort(&stage{proc: fs, box: &sandbox.Sandbox{}})
	for n := range uint64(napLimit) {
		require.NoError(t, os.WriteFile(filepath.Join(thread, "schedstat"), fmt.Appendln(nil, 0, n*uint64(each), n), 0o644))
		require.False(t, e.exceeds(proc.Look{
			Processes: map[int]proc.Stat{pid: {}},
			Tasks:     []proc.Task{{PID: pid, TID: pid, Switches: n + 1, Doing: proc.Timed, Nap: time.Minute}},
		}, nil, nil))
		e.ago(pid, each)
	}
}

// What processes had waited for a CPU does not end with them: many that come one after the other may take longer than the deadline.
func TestWhoHasEndedWasKeptWaitingToo(t *testing.T) {
	const each, several = deadline / 4, 5
	dir := t.TempDir()
	fs, err := proc.Open(dir, 0)
	require.NoError(t, err)
	defer fs.Close()
	e := newEffort(&stage{proc: fs, box: &sandbox.Sandbox{}})
	e.began, e.looks = time.Now().Add(-deadline-prompt), fewestLooks
	waited := func(pid int, d time.Duration) proc.Look {
		thread := filepath.Join(dir, fmt.Sprint(pid), "task", fmt.Sprint(pid))
		require.NoError(t, os.MkdirAll(thread, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(thread, "schedstat"), fmt.Appendln(nil, 0, int64(d), 0), 0o644))
		return proc.Look{Processes: map[int]proc.Stat{pid: {}}}
	}
	for pid := range several {
		require.False(t, e.exceeds(waited(pid, 0), nil, nil))
		require.False(t, e.exceeds(waited(pid, each), nil, nil))
	}
	require.Equal(t, several*each, e.starved())
	require.False(t, e.overdue())
	e.began = time.Now().Add(-deadline - several*each - prompt)
	require.True(t, e.overdue())
}

// On a machine that takes ten times as much CPU for everything, right attempts do so, too.
func TestASlowMachineMayTakeMoreCPU(t *testing.T) {
	require.InDelta(t, 1, slower(3*time.Millisecond), 0)
	require.InDelta(t, 4, slower(80*time.Millisecond), 0.01)
	require.InDelta(t, slowest, slower(time.Minute), 0)

	e := newEffort(&stage{})
	require.False(t, e.works(cpuLimit, 1))
	require.True(t, e.works(cpuLimit+time.Microsecond, 1))
	require.False(t, e.works(beside*cpuLimit, beside))
	e.slow = slowest
	require.False(t, e.works(slowest*cpuLimit, 1))
	require.True(t, e.works(slowest*cpuLimit+time.Microsecond, 1))
}

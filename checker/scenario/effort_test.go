package scenario

import (
	"os"
	"testing"
	"time"

	"forklings/checker/proc"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

// Who is woken by somebody else has not slept as long as it could have: the Go runtime naps for as long as no timer is due.
func TestANapCountsForAsLongAsItWasSlept(t *testing.T) {
	fs, err := proc.Open("/proc", 0)
	require.NoError(t, err)
	defer fs.Close()
	e := newEffort(&stage{proc: fs, box: &sandbox.Sandbox{}})
	pid, switches := os.Getpid(), uint64(0)
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
		e.last[pid] = nap{time.Now().Add(-napLength / (longNaps - 1)), time.Minute}
	}
	require.True(t, seen())
}

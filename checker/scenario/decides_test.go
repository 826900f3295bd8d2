package scenario

import (
	"slices"
	"testing"
	"time"

	"forklings/checker/result"
	"forklings/checker/trace"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// The decisive moment is that of the process that the verdict is about, and what it does instead.
func TestTheDecisiveMoment(t *testing.T) {
	for _, c := range []struct{ name, script, who, what string }{
		{"waits", "start parent waiter\nawait held at here else x\nawait parent at started else x\nrelease parent\nawait parent at waited else x\n", "parent", "waits for held"},
		{"ended", "start parent exits-2\nawait parent ended else x\ncheck parent alive else x\n", "parent", "exits 2"},
		{"came-too-far", "start parent waiter\nawait parent at started else x\nawait held at here else x\ncheck parent before started else x\n", "parent", "is held at point started"},
		{"the-child", "start parent waiter\nawait parent at started else x\nawait held at here else x\ncheck parent children 0 else x\n", "parent", "starts held"},
		{"by-the-scenario", "start parent waiter\nawait parent at started else x\nawait held at here else x\nsignal held SIGKILL\nawait held ended else x\ncheck held gone else x\n", "held", "is a zombie: nobody has waited for it"},
		{"ended-instead", "start parent waiter\nawait parent at started else x\nawait held at here else x\nsignal held SIGKILL\nawait held at there else x\n", "held", "is killed by SIGKILL"},
		{"waits-on", "start parent keeps\nawait stays at here else x\nsignal stays SIGSTOP\nawait stays stopped else x\nsignal stays SIGCONT\nawait parent asleep else x\nrelease stays\nawait parent at waited else x\n", "parent", "waits for stays"},
		{"because-another-lives", "start parent keeps\nawait stays at here else x\nsignal stays SIGSTOP\nawait stays stopped else x\nsignal stays SIGCONT\nawait parent asleep else x\nrelease stays\nawait parent at waited else x if stays alive else y\n", "stays", "sleeps in sigwait, and nothing can wake it"},
		{"fills", "start parent fills\nawait parent ended else x\n", "parent", "sleeps until it can write, and nothing can wake it"},
		{"who-waits", "start parent waiter\nawait parent at started else x\nawait held at here else x\nrelease parent\nawait another at here else y if held at here else x\n", "parent", "waits for held"},
		{"named-by-a-condition", "start parent waiter\nawait held at here else x\ncheck parent exited 0 else y if held at here else x\n", "held", "is held at point here"},
		{"never-came", "start parent waiter\nawait parent at started else x\nawait held at here else x\nawait nobody at here else x\n", "parent", "is held at point started"},
		{"somewhere-else", "start parent waiter\nawait parent at started else x\nawait held at here else x\nrelease held\nawait held ended else x\nrelease parent\nawait parent at started else x\nawait parent at waited else x\n", "parent", "is held at point waited"},
		{"as-before", "start parent waiter\nawait parent at started else x\nawait parent at waited else x\n", "parent", "does not come to point waited"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := played(t, Play{Sandbox: tiers(t)["subreaper"], Trace: true}, c.name, "# x\n\n"+c.script)
			require.Contains(t, []result.Status{result.Fail, result.Deadlock}, v.Status, "%+v", v)
			var who, what string
			for _, e := range v.Timeline {
				if e.Decides {
					who, what = who+e.Who, what+e.What
				}
			}
			require.Equal(t, c.who, who, "%+v", v.Timeline)
			require.Equal(t, c.what, what)
		})
	}
}

// What kills a process as one of a group is the call, and not its end.
func TestAKillOfAGroupDecides(t *testing.T) {
	const parent, child, other, grandchild = 10, 11, 12, 13
	start := func(by, pid int) trace.Record { return trace.Record{PID: by, Op: trace.Start, Target: pid} }
	family := []trace.Record{
		start(parent, child), start(parent, other), {PID: child, Op: trace.Setpgid, Target: child, Flags: child}, start(child, grandchild),
	}
	for _, c := range []struct {
		by, target, killed int
		decides            trace.Op
	}{
		{parent, grandchild, grandchild, trace.Kill},
		{parent, -child, grandchild, trace.Kill},
		{child, 0, grandchild, trace.Kill},
		{parent, -1, grandchild, trace.Kill},
		{parent, -parent, other, trace.Kill},
		{parent, 0, grandchild, trace.End},
		{parent, -child, other, trace.End},
		{parent, other, grandchild, trace.End},
	} {
		tr := &traced{records: append(slices.Clone(family),
			trace.Record{PID: c.by, Op: trace.Kill, Target: c.target, Signal: "SIGTERM"}, trace.Record{PID: c.killed, Op: trace.End, Status: uint32(unix.SIGTERM)})}
		for i := range tr.records {
			tr.records[i].At = int64(i + 1)
		}
		require.Equal(t, c.decides, tr.records[tr.ended(c.killed)].Op, "%+v", c)
	}
}

// Who runs in a role and was not heard of has a column in the timeline: it is not said that there is none.
func TestWhoIsNotHeardOfIsThere(t *testing.T) {
	for _, c := range []struct{ name, script, seen string }{
		{"runs", "start parent has-silent mute\nawait parent at started else x\nawait mute at here else x\n", "a process runs as mute, and has come to no point yet"},
		{"numbered", "start parent has-silent mute\nawait parent at started else x\nawait mute.2 at here else x\n", "a process runs as mute, and has come to no point yet"},
		{"ran", "start parent has-silent mute-ends\nawait parent at started else x\nrelease parent\nawait parent at waited else x\ncheck mute-ends at here else x\n", "a process ran as mute-ends, and ended before it came to a point"},
		{"none", "start parent has-silent mute-ends\nawait parent at started else x\ncheck mute at here else x\n", "no process called mute has shown itself"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := played(t, Play{Sandbox: tiers(t)["subreaper"], Trace: true}, c.name, "# x\n\n"+c.script)
			require.Contains(t, v.Actual, c.seen)
		})
	}
}

// A learner who sleeps for 10 ms is to find 10 ms in what was seen.
func TestADurationIsSaidInTwoDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 10 * time.Millisecond: "10ms", 9_960 * time.Microsecond: "10ms", 1_234 * time.Microsecond: "1.2ms", 61_200 * time.Nanosecond: "61µs",
		time.Second: "1s", 10 * time.Second: "10s", time.Minute: "1m0s", time.Hour: "1h0m0s", 1_040 * time.Millisecond: "1s", 9 * time.Hour: "9h0m0s", 1<<63 - 1: "2562047h47m0s",
	} {
		require.Equal(t, want, rough(d).String())
	}
}

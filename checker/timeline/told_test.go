package timeline

import (
	"slices"
	"strings"
	"testing"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/trace"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func point(pid int, name string, phase trace.Phase) trace.Record {
	return trace.Record{PID: pid, Op: trace.Point, Path: name, Phase: phase}
}

func TestPointsAndAnswersThatFollowEachOtherAreOneLine(t *testing.T) {
	answer := func(key, value string) trace.Record {
		return trace.Record{PID: 10, Op: trace.Answer, Path: key, Data: value}
	}
	decides := answer("ppid", "1")
	decides.Decides = true
	require.Equal(t, `parent runs join parent
parent comes to points begun, started, held
parent answers pid: 10, name: parent
parent answers ppid: 1
parent answers last: 1
parent is held at point joined
child runs join child
parent goes on from point joined
`, told(runs(10, "parent"),
		point(10, "begun", ""), point(10, "started", ""),
		point(10, "held", trace.Parked), trace.Record{PID: 10, Op: trace.Let, Path: "held"}, // nothing happened while it was held
		answer("pid", "10"), answer("name", "parent"), decides, answer("last", "1"),
		point(10, "joined", trace.Parked), runs(11, "child"), trace.Record{PID: 10, Op: trace.Let, Path: "joined"}))
}

func TestASignalIsToldOnce(t *testing.T) {
	signal := func(op trace.Op, name string) trace.Record { return trace.Record{PID: 10, Op: op, Signal: name} }
	require.Equal(t, `parent runs join parent
parent is sent SIGSTOP by the scenario
parent is stopped by SIGSTOP
parent is sent SIGCONT by the scenario
parent is stopped no more
parent gets SIGUSR1
parent is killed by SIGPIPE
`, told(runs(10, "parent"),
		signal(trace.Sent, "SIGSTOP"), signal(trace.Delivered, "SIGSTOP"), signal(trace.Stopped, "SIGSTOP"),
		signal(trace.Sent, "SIGCONT"), trace.Record{PID: 10, Op: trace.Continued}, signal(trace.Delivered, "SIGCONT"),
		signal(trace.Delivered, "SIGUSR1"),
		signal(trace.Delivered, "SIGPIPE"), signal(trace.Delivered, "SIGPIPE"), ends(10, uint32(unix.SIGPIPE))))
}

func TestWhoIsStoppedDoesNotGoOnFromAPoint(t *testing.T) {
	require.Equal(t, `child runs join child
child is held at point held
child is stopped by SIGSTOP
child may go on from point held
child is stopped no more
`, told(runs(10, "child"), point(10, "held", trace.Parked), trace.Record{PID: 10, Op: trace.Stopped, Signal: "SIGSTOP"},
		trace.Record{PID: 10, Op: trace.Let, Path: "held"}, trace.Record{PID: 10, Op: trace.Continued}))
}

func TestWhatIsDoneAgainAndAgainIsToldOnce(t *testing.T) {
	asks := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Flags: unix.WNOHANG}
	all := []trace.Record{runs(10, "parent"), starts(10, 11), runs(11, "child")}
	for range 5 {
		all = append(all, asks)
	}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent asks whether child has ended: no
parent does the same 4 times more
`, told(all...))
	require.NotContains(t, told(all[:5]...), "more", "twice is not again and again")
	none := asks
	none.N, none.Failure = -1, "ECHILD"
	require.Contains(t, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), none), "parent asks whether child has ended: ECHILD (no such child)\n", "it does not wait")

	all = []trace.Record{runs(10, "parent"), starts(10, 11), runs(11, "child")}
	for range 5 {
		all = append(all, asks, trace.Record{PID: 10, Op: trace.Answer, Path: "ended", Data: "false"})
	}
	all = append(all, trace.Record{PID: 10, Op: trace.Answer, Path: "ended", Data: "true", Decides: true})
	require.True(t, strings.HasSuffix(told(all...), `
parent asks whether child has ended: no
parent answers ended: false
parent does the same 4 times more
parent answers ended: true
`), told(all...))

	one, two := asks, asks
	two.Target = 12
	all = []trace.Record{runs(10, "parent"), starts(10, 11), runs(11, "one"), starts(10, 12), runs(12, "two")}
	for n := range 5 { // by two threads
		all = append(append(all, slices.Repeat([]trace.Record{one}, n+1)...), two)
	}
	all = append(all, ends(11, exit7))
	require.Contains(t, told(all...), `two runs join two
parent asks whether one has ended: no
parent asks whether two has ended: no
parent goes on like that, 20 times in all
one exits 7
`)

	all = []trace.Record{runs(10, "parent"), starts(10, 11), runs(11, "child"), {PID: 10, Op: trace.Answer, Path: "limit", Data: "1h"}}
	for range manyMixed {
		all = append(all, asks)
	}
	require.Contains(t, told(all...), `parent answers limit: 1h
parent asks whether child has ended: no
parent does the same 11 times more
`, "once before is no part of it")
}

func TestASleepIsToldThatFillsATime(t *testing.T) {
	const ms = int64(time.Millisecond)
	at := func(at int64, r trace.Record) trace.Record {
		r.PID, r.At = 10, at*ms
		return r
	}
	nap := func(from, length int64) trace.Record { return at(from, trace.Record{Op: trace.Nap, N: length * ms}) }
	look := func(when int64) trace.Record { return at(when, trace.Record{Op: trace.Look, Path: "/scenario/x"}) }
	require.Equal(t, `parent runs join parent
parent sleeps by a timer
parent finds x
parent finds x
parent comes to point here
parent finds x
parent is held at point there
parent finds x
`, told(at(1, runs(10, "parent")),
		nap(2, 9), nap(11, 1), look(12), // Go sleeps for whole milliseconds, and for the rest
		nap(12, 1000), look(13), // something woke it
		nap(14, 2), at(16, point(10, "here", trace.Parked)), at(17, trace.Record{Op: trace.Let, Path: "here"}),
		nap(17, 10_000), look(9_000), // a limit that is far ahead
		at(9_001, point(10, "there", trace.Parked)), nap(9_002, 9), look(9_020), // another thread's, while it is held
	))
}

func TestWhatDoesNotFitIntoAPipeIsWrittenInOne(t *testing.T) {
	piece := func(op trace.Op, pid int, n int64) trace.Record {
		return trace.Record{PID: pid, Op: op, Path: "pipe:[1]", N: n, Data: "some text"}
	}
	full := trace.Record{PID: 10, Op: trace.Write, Path: "pipe:[1]", N: -1, Failure: "EAGAIN"}
	require.Equal(t, `parent runs join parent
child runs join child
parent writes to pipe 1: 139264 bytes in 3 calls
child reads from pipe 1: 131072 bytes in 2 calls
parent finds pipe 1 full
parent writes to pipe 1: "some text"
parent writes to pipe 1: "some text"
`, told(runs(10, "parent"), runs(11, "child"),
		piece(trace.Write, 10, 65536), full, piece(trace.Read, 11, 65536), piece(trace.Write, 10, 65536), full, piece(trace.Read, 11, 65536),
		piece(trace.Write, 10, 8192), full, full, piece(trace.Write, 10, 9), piece(trace.Write, 10, 9)))
}

func TestWhoOnlyLooksDoesNotCollect(t *testing.T) {
	looks := trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 11, Flags: unix.WEXITED | unix.WNOHANG | unix.WNOWAIT, N: 11, Status: exit7}
	text := told(runs(10, "parent"), starts(10, 11), runs(11, "child"), ends(11, exit7), looks,
		trace.Record{PID: 11, Op: trace.Rest, N: 1, Data: "is a zombie"})
	require.Contains(t, text, "parent sees, without collecting it: child exits 7\n")
	require.True(t, strings.HasSuffix(text, "child is a zombie\n"), "it is no new process: %s", text)
}

// Go's look before its wait is left out, and no other look.
func TestALookThatIsNoGoIsTold(t *testing.T) {
	look := trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 11, Flags: unix.WEXITED | unix.WSTOPPED | unix.WNOWAIT, N: 11, Status: 19<<8 | 0x7f, Phase: trace.Ends}
	asks := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Flags: unix.WNOHANG}
	require.Contains(t, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), look, asks), "parent sees, without collecting it: child was stopped by SIGSTOP\n")
	anybody := trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: -1, Flags: unix.WEXITED | unix.WNOWAIT, Phase: trace.Ends} // without a siginfo_t
	takes := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, N: 11, Status: exit7}
	require.Contains(t, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), ends(11, exit7), anybody, point(10, "back", ""), takes),
		"parent sees, without collecting it: child exits 7\nparent comes to point back\nparent collects child: exits 7\n")
}

func TestAProgramThatIsFoundElsewhereWasNotMissing(t *testing.T) {
	try := func(pid int) trace.Record {
		return trace.Record{PID: pid, Op: trace.TryExec, Path: "/scenario/nothing", N: -1, Failure: "ENOENT"}
	}
	require.Equal(t, `parent runs join parent
parent starts child of parent
child of parent cannot run nothing: ENOENT (not there)
child of parent exits 7
`, told(runs(10, "parent"), starts(10, 11), try(11), ends(11, exit7)))
	require.NotContains(t, told(runs(10, "parent"), starts(10, 11), try(11), runs(11, "child")), "cannot")
	why := func(pid int, op trace.Op) trace.Record {
		return trace.Record{PID: pid, Op: op, Path: "pipe:[1]", N: 8, Data: "\x02\x00\x00\x00\x00\x00\x00\x00"}
	}
	begins := trace.Record{PID: 11, Op: trace.Write, Path: "pipe:[1]", Phase: trace.Begins}
	written := why(11, trace.Write)
	written.Phase = trace.Ends
	require.NotContains(t, told(runs(10, "parent"), starts(10, 11), try(11), begins, written, why(10, trace.Read), ends(11, exit7)), "pipe")
	require.Contains(t, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), why(11, trace.Write), why(10, trace.Read), ends(11, exit7)), "pipe")
}

func TestTheDecisiveMomentIsKept(t *testing.T) {
	wait := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Phase: trace.Begins, Decides: true, At: 1}
	back := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Phase: trace.Ends, N: 11, Status: exit7, At: 2}
	events := Build([]trace.Record{wait, back}, "/scenario", "/bin/join", lang.English)
	require.Len(t, events, 1)
	require.True(t, events[0].Decides)
}

func TestAWaitTellsTheEndThoughItsCallerDidNotAsk(t *testing.T) {
	wait := func(phase trace.Phase) trace.Record {
		return trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 11, Phase: phase, Flags: unix.WEXITED | unix.WNOWAIT}
	}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent waits for child
child exits 7
parent sees, without collecting it: child exits 7
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), wait(trace.Begins), ends(11, exit7), wait(trace.Ends)))
	require.Equal(t, `parent runs join parent
parent waits for any child
child runs join child
parent has waited for any child
`, told(runs(10, "parent"), trace.Record{PID: 10, Op: trace.Wait, Target: -1, Phase: trace.Begins}, runs(11, "child"),
		trace.Record{PID: 10, Op: trace.Wait, Target: -1, Phase: trace.Ends}))
	stopped := wait(trace.Ends)
	stopped.Flags |= unix.WUNTRACED
	require.Contains(t, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), wait(trace.Begins),
		trace.Record{PID: 11, Op: trace.Stopped, Signal: "SIGSTOP"}, stopped), "parent sees, without collecting it: child was stopped by SIGSTOP\n")
}

func TestTwoThreadsThatWaitForOneChildAreToldApart(t *testing.T) {
	wait := func(tid int, phase trace.Phase, flags uint64) trace.Record {
		return trace.Record{PID: 10, TID: tid, Op: trace.Wait, Call: "waitid", Target: 11, Phase: phase, Flags: unix.WEXITED | flags}
	}
	end, late := wait(1, trace.Ends, 0), wait(2, trace.Ends, 0)
	end.N, end.Status, late.N, late.Failure = 11, exit7, -1, "ECHILD"
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent waits for child
parent waits for child in another thread, too
child exits 7
parent learns: child exits 7
parent waits for child no more: ECHILD (no such child)
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), wait(1, trace.Begins, 0), wait(2, trace.Begins, 0), ends(11, exit7), end, late))

	// Go looks first, and waits then, on another thread.
	looked, takes, taken := wait(1, trace.Ends, unix.WNOWAIT), wait(2, trace.Begins, 0), wait(2, trace.Ends, 0)
	looked.N, looked.Status, taken.N, taken.Status = 11, exit7, 11, exit7
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent waits for child
child exits 7
other runs join other
parent learns: child exits 7
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), wait(1, trace.Begins, unix.WNOWAIT), ends(11, exit7), looked, takes, runs(12, "other"), taken))
}

func TestAWriteThatNobodyReadsIsTold(t *testing.T) {
	require.Equal(t, `child runs join child
child writes to pipe 1: EPIPE (nobody reads)
child is killed by SIGPIPE
`, told(runs(10, "child"), trace.Record{PID: 10, Op: trace.Write, Path: "pipe:[1]", N: -1, Failure: "EPIPE"},
		trace.Record{PID: 10, Op: trace.Delivered, Signal: "SIGPIPE"}, ends(10, uint32(unix.SIGPIPE))))
}

func TestArgumentsAreShownAsTheyAre(t *testing.T) {
	require.Equal(t, `child runs join child 'two words' '' "two\nlines"`+"\n", told(runs(10, "child", "two words", "", "two\nlines")))
}

// TestOnlyTheDescriptorThatHasTheLockGivesItBack: but with a lock of the process (fcntl), any descriptor of the file does.
func TestOnlyTheDescriptorThatHasTheLockGivesItBack(t *testing.T) {
	kinds := func(lock trace.Record, closes int) (kinds []result.Kind) {
		lock.PID, lock.Op, lock.Path, lock.FD = 10, trace.Lock, "/scenario/lock", 3
		for _, e := range Build([]trace.Record{runs(10, "one"), lock,
			{PID: 10, Op: trace.Close, Path: "/scenario/lock", FD: closes, At: 1}}, "/scenario", "/bin/join", lang.English) {
			kinds = append(kinds, e.Kind)
		}
		return kinds
	}
	flock := trace.Record{Call: "flock", Flags: unix.LOCK_EX}
	require.Equal(t, []result.Kind{result.Act, result.Takes, result.Frees}, kinds(flock, 3))
	require.Equal(t, []result.Kind{result.Act, result.Takes, result.Act}, kinds(flock, 4))
	require.Equal(t, []result.Kind{result.Act, result.Takes, result.Act}, kinds(trace.Record{Call: "fcntl", Flags: unix.F_OFD_SETLK, Data: "exclusive"}, 4))
	require.Equal(t, []result.Kind{result.Act, result.Takes, result.Frees}, kinds(trace.Record{Call: "fcntl", Flags: unix.F_SETLK, Data: "exclusive"}, 4))
}

func TestAClosedDescriptorIsToldApartFromTheLockedOne(t *testing.T) {
	said := func(locks trace.Record) string {
		locks.PID, locks.Op, locks.Path, locks.FD = 10, trace.Lock, "lock", 3
		unlocks := locks
		unlocks.Flags, unlocks.Data = unix.LOCK_UN, ""
		if unlocks.Call == "fcntl" {
			unlocks.Flags, unlocks.Data = locks.Flags, "unlock"
		}
		closes := trace.Record{PID: 10, Op: trace.Close, Path: "lock", FD: 4}
		return told(runs(10, "one"), locks, closes, unlocks, closes)
	}
	require.Contains(t, said(trace.Record{Call: "flock", Flags: unix.LOCK_EX}), `one locks lock
one closes lock, not the descriptor that it locked
one unlocks lock
one closes lock
`)
	require.Contains(t, said(trace.Record{Call: "fcntl", Flags: unix.F_SETLK, Data: "exclusive"}), `one locks lock
one closes lock, and so loses its lock
`)
}

func TestWhatWasSeenIsTold(t *testing.T) {
	look := trace.Record{PID: 10, Op: trace.Kill, Call: "kill", Target: 11}
	no := look
	no.Failure = "ESRCH"
	stopped := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Flags: unix.WNOHANG | unix.WUNTRACED, N: 11, Status: uint32(unix.SIGSTOP)<<8 | 0x7f}
	gone := trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: trace.Gone, N: -1, Failure: "ECHILD"}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent sees that child is there
parent looks whether child is there: ESRCH (no such process)
parent learns: child was stopped by SIGSTOP
parent waits for one that was waited for: ECHILD (no such child)
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), look, no, stopped, gone))
}

// TestThePipeOfAnExecIsNotTold: neither when a signal has made its reader begin anew.
func TestThePipeOfAnExecIsNotTold(t *testing.T) {
	read := func(phase trace.Phase) trace.Record {
		return trace.Record{PID: 10, TID: 12, Op: trace.Read, Call: "read", Path: "pipe:[1]", Phase: phase}
	}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent is held at point started
`, told(runs(10, "parent"), starts(10, 11), read(trace.Begins), read(trace.Begins), runs(11, "child"), read(trace.Ends), point(10, "started", trace.Parked)))
}

func TestBytesThatAreNoTextAreCounted(t *testing.T) {
	write := func(data string, n int64) trace.Record {
		return trace.Record{PID: 10, Op: trace.Write, Call: "write", Path: "pipe:[1]", Data: data, N: n}
	}
	require.Equal(t, `parent runs join parent
parent writes to pipe 1: 6 bytes
parent writes to pipe 1: "进程进程进程进程"... (240 bytes)
`, told(runs(10, "parent"), write("\ufffd\ufffd", 6), write("进程进程进程进程\ufffd\ufffd", 240)))
}

// Of one that asks, the SIGCHLD counts that comes at no end.
func TestASIGCHLDThatIsNoEndIsTold(t *testing.T) {
	asks := trace.Record{PID: 10, Op: trace.Wait, Call: "wait4", Target: 11, Flags: unix.WNOHANG}
	comes := trace.Record{PID: 10, Op: trace.Delivered, Signal: "SIGCHLD"}
	begin := []trace.Record{runs(10, "parent"), starts(10, 11), runs(11, "child")}
	stops := trace.Record{PID: 11, Op: trace.Stopped, Signal: "SIGSTOP"}
	require.Contains(t, told(append(slices.Clone(begin), stops, comes, asks)...), "parent gets SIGCHLD\n")
	require.NotContains(t, told(append(slices.Clone(begin), ends(11, exit7), comes, asks)...), "SIGCHLD")
	waits := asks
	waits.Flags, waits.Phase = 0, trace.Begins
	require.NotContains(t, told(append(slices.Clone(begin), waits, stops, comes)...), "SIGCHLD")
	halts := trace.Record{PID: 10, Op: trace.Stopped, Signal: "SIGSTOP"}
	require.Contains(t, told(append(slices.Clone(begin), asks, halts, ends(11, exit7), trace.Record{PID: 10, Op: trace.Continued}, comes)...), "parent gets SIGCHLD\n")
}

func TestWhoIsKilledHasEndedBeforeAnotherHasItsLock(t *testing.T) {
	locks := func(pid int) trace.Record {
		return trace.Record{PID: pid, Op: trace.Lock, Call: "flock", Flags: unix.LOCK_EX, Path: "/scenario/lock"}
	}
	kill := func(by, signal string) trace.Record {
		if by == "scenario" {
			return trace.Record{PID: 10, Op: trace.Sent, Signal: signal}
		}
		return trace.Record{PID: 12, Op: trace.Kill, Target: 10, Signal: signal}
	}
	for by, said := range map[string]string{"scenario": "one is sent SIGKILL by the scenario", "third": "third sends SIGKILL to one"} {
		require.Contains(t, told(runs(10, "one"), locks(10), runs(11, "two"), runs(12, "third"), kill(by, "SIGKILL"), locks(11), ends(10, uint32(unix.SIGKILL))),
			said+"\none is killed by SIGKILL\ntwo locks lock\n")
	}
	require.Contains(t, told(runs(10, "one"), runs(11, "two"), runs(12, "third"), kill("third", "SIGTERM"), locks(11), ends(10, uint32(unix.SIGTERM))),
		"third sends SIGTERM to one\ntwo locks lock\none is killed by SIGTERM\n", "that may wait, and is told when it comes")
}

package timeline

import (
	"fmt"
	"strings"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/trace"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// told builds a timeline of records a millisecond apart, and gives it as text.
func told(records ...trace.Record) string {
	for i := range records {
		if records[i].At == 0 {
			records[i].At = int64(i+1) * 1_000_000
		}
	}
	var b strings.Builder
	for _, e := range Build(records, "/scenario", "/bin/join", lang.English) {
		fmt.Fprintf(&b, "%s %s\n", e.Who, e.What)
	}
	return b.String()
}

func runs(pid int, args ...string) trace.Record {
	return trace.Record{PID: pid, Op: trace.Exec, Args: append([]string{"/bin/join"}, args...)}
}

func starts(pid, child int) trace.Record {
	return trace.Record{PID: pid, Op: trace.Start, Target: child, Call: "vfork"}
}

func ends(pid int, status uint32) trace.Record {
	return trace.Record{PID: pid, Op: trace.End, Status: status}
}

const exit7 = 7 << 8

func TestGoLooksBeforeItWaitsAndThatIsOneWait(t *testing.T) {
	wait := func(phase trace.Phase, flags uint64, n int64) trace.Record {
		return trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 11, Phase: phase, Flags: flags, N: n, Status: exit7}
	}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent waits for child
child exits 7
parent learns: child exits 7
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"),
		wait(trace.Begins, unix.WEXITED|unix.WNOWAIT, 0), ends(11, exit7), wait(trace.Ends, unix.WEXITED|unix.WNOWAIT, 11),
		wait(trace.Begins, unix.WEXITED, 0), wait(trace.Ends, unix.WEXITED, 11)))
}

func TestWhatTheRuntimeTriesOutIsLeftOut(t *testing.T) {
	require.Equal(t, "parent runs join parent\nparent exits 0\n", told(
		runs(10, "parent"),
		trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 10, N: -1, Failure: "ECHILD"},
		trace.Record{PID: 10, Op: trace.Kill, Call: "pidfd_send_signal", Target: 10},
		trace.Record{PID: 12, Op: trace.Exit}, ends(12, 0), starts(10, 12), // of one that ended at once, the end is told first
		trace.Record{PID: 10, Op: trace.Wait, Call: "waitid", Target: 12, N: 12},
		ends(10, 0)))
}

func TestAPIDThatIsUsedAgainIsAnotherProcess(t *testing.T) {
	named := func(pid int, name string) trace.Record { return trace.Record{PID: pid, Op: trace.Named, Path: name} }
	require.Equal(t, `old runs join held
old exits 7
new runs join held
parent runs join asks
parent sends SIGTERM to new
new is killed by SIGTERM
`, told(named(10, "old"), runs(10, "held"), ends(10, exit7), named(10, "new"), runs(10, "held"), runs(11, "asks"), named(11, "parent"),
		trace.Record{PID: 11, Op: trace.Kill, Target: 10, Signal: "SIGTERM"}, ends(10, uint32(unix.SIGTERM))))
}

func TestAProcessThatEndsBeforeItIsNamedHasItsName(t *testing.T) {
	named := func(pid int, name string) trace.Record { return trace.Record{PID: pid, Op: trace.Named, Path: name} }
	require.Equal(t, `quick runs join parent
quick exits 7
next runs join parent
next exits 0
`, told(runs(10, "parent"), ends(10, exit7), named(10, "quick"), runs(10, "parent"), named(10, "next"), ends(10, 0)))
	require.Equal(t, `quick runs join parent
quick exits 7
next runs join parent
`, told(runs(10, "parent"), ends(10, exit7), named(10, "quick"), named(10, "next"), runs(10, "parent")))
}

func TestAChildThatIsToldOfFirstIsStartedFirst(t *testing.T) {
	require.Equal(t, `parent runs join parent
parent starts child
child begins a session of its own
child runs join child
`, told(runs(10, "parent"), trace.Record{PID: 11, Op: trace.Setsid}, starts(10, 11), runs(11, "child")))
}

func TestPipesThatCarryNothingAreTheRuntimes(t *testing.T) {
	read := func(path string, phase trace.Phase, n int64, data string) trace.Record {
		return trace.Record{PID: 10, Op: trace.Read, Path: path, Phase: phase, N: n, Data: data}
	}
	require.Equal(t, `parent runs join parent
parent reads from pipe 1: "hello"
parent waits to read from pipe 2
`, told(runs(10, "parent"),
		read("pipe:[1]", trace.Begins, 0, ""), read("pipe:[1]", trace.Ends, 0, ""), // how the runtime learns that an exec has worked
		read("socket:[2]", trace.Begins, 0, ""), read("socket:[2]", trace.Ends, 1, "\x01"),
		trace.Record{PID: 10, Op: trace.Write, Path: "socket:[2]", N: 9, Data: "point\x00a\x00b\x00"},
		read("pipe:[3]", trace.Begins, 0, ""), read("pipe:[3]", trace.Ends, 5, "hello"),
		read("pipe:[4]", trace.Begins, 0, ""))) // and never comes back
}

func TestFilesAndLocks(t *testing.T) {
	file := func(op trace.Op, r trace.Record) trace.Record {
		r.PID, r.Op, r.Path = 10, op, "/scenario/data.json"
		return r
	}
	flock := func(phase trace.Phase) trace.Record {
		return trace.Record{Call: "flock", Flags: unix.LOCK_EX, Phase: phase}
	}
	require.Equal(t, `parent runs join parent
parent starts child of parent
parent opens or creates data.json
parent wants to lock data.json
child of parent locks data.json
parent locks data.json
parent writes to data.json: "{}"
parent renames data.json to old.json
parent closes data.json
parent finds data.json locked
`, told(runs(10, "parent"), starts(10, 11),
		file(trace.Open, trace.Record{Flags: unix.O_CREAT | unix.O_RDWR}),
		file(trace.Lock, flock(trace.Begins)),
		trace.Record{PID: 11, Op: trace.Lock, Path: "/scenario/data.json", Call: "flock", Flags: unix.LOCK_EX},
		file(trace.Lock, flock(trace.Ends)),
		file(trace.Write, trace.Record{N: 2, Data: "{}"}),
		file(trace.Rename, trace.Record{To: "/scenario/old.json"}),
		file(trace.Close, trace.Record{}),
		file(trace.Lock, trace.Record{Call: "flock", Flags: unix.LOCK_EX | unix.LOCK_NB, Failure: "EAGAIN"})))
}

func TestCommandsAreShort(t *testing.T) {
	require.Equal(t, "sh runs sh -c 'exec join \"$1\"' '' join data/log\n", told(
		trace.Record{PID: 10, Op: trace.Exec, Args: []string{"/usr/bin/sh", "-c", `exec join "$1"`, "", "/scenario/.bin/join", "/scenario/data/log"}}))
	require.Equal(t, "parent runs join parent "+strings.Repeat("é", 88)+"... (2 arguments)\n", told(runs(10, "parent", strings.Repeat("é", 1000))))
}

func TestOfLongDataTheBeginningIsShownIfItIsText(t *testing.T) {
	write := func(data string, n int64) string {
		return told(trace.Record{PID: 10, Op: trace.Write, Path: "/scenario/log", Data: data, N: n})
	}
	text, binary := "two lines\nof a log in words", "\x7fELF\x02\x01\x01 and so on, and so on"
	require.Equal(t, "PID 10 writes to log: \"two lines\\nof a log in wo\"... (1000 bytes)\n", write(text, 1000))
	require.Equal(t, "PID 10 writes to log: 1000 bytes\n", write(binary, 1000))
	require.Equal(t, "PID 10 writes to log: \"\\x00\\x00\\x00\\x02ok\"\n", write("\x00\x00\x00\x02ok", 6))
}

func TestWhatTheProgramKeepsForItselfIsNotShown(t *testing.T) {
	write := func(path string) trace.Record {
		return trace.Record{PID: 10, Op: trace.Write, Path: path, Data: "x", N: 1}
	}
	require.Equal(t, "PID 10 writes to .kitten: \"x\"\n", told(
		trace.Record{PID: 10, Op: trace.Mkdir, Path: "/scenario/.kit"}, write("/scenario/.kit/notes"), write("/scenario/.kitten")))

	by := func(op trace.Op, path string) trace.Record { return trace.Record{PID: 10, Op: op, Path: path} }
	require.Equal(t, `PID 10 writes to to: "x"
PID 10 the scenario changes to here
PID 10 writes to to: "x"
PID 10 the scenario changes to here
PID 10 removes to
`, told(write("/scenario/to"), by(trace.Look, "/scenario/.kit/aside"), by(trace.Look, "/scenario/new"), by(trace.Rename, "/scenario/to"), by(trace.Mkdir, "/scenario/to"),
		by(trace.Look, "/scenario/.kit/back"), write("/scenario/to"), by(trace.Look, "/scenario/.kit/aside"), by(trace.Unlink, "/scenario/to"),
		by(trace.Look, "/scenario/.kit/back"), by(trace.Unlink, "/scenario/to")))
}

// A process ends when it calls exit: its end is told later, when its parent's end has killed another one, or its pipe is closed.
func TestAnEndIsToldWhereItBegan(t *testing.T) {
	exit := trace.Record{PID: 10, Op: trace.Exit, Call: "exit_group"}
	require.Equal(t, `parent runs join parent
parent starts child
child runs join child
parent exits 0
child is killed by SIGKILL
`, told(runs(10, "parent"), starts(10, 11), runs(11, "child"), exit, ends(11, uint32(unix.SIGKILL)), ends(10, 0)))
	require.Equal(t, `parent runs join parent
child runs join child
parent waits for any child
parent exits 0
child writes to pipe 1: EPIPE (nobody reads)
child exits 7
`, told(runs(10, "parent"), runs(11, "child"), exit,
		trace.Record{PID: 10, TID: 12, Op: trace.Wait, Target: -1, Phase: trace.Begins}, // by another thread, in the same moment
		trace.Record{PID: 11, Op: trace.Write, Path: "pipe:[1]", N: -1, Failure: "EPIPE"}, ends(10, 0), ends(11, exit7)))
	require.Equal(t, "parent runs join parent\nchild runs join child\nparent is killed by SIGTERM\nchild exits 7\n", told(runs(10, "parent"), runs(11, "child"),
		trace.Record{PID: 10, Op: trace.Delivered, Signal: "SIGTERM"}, ends(11, exit7), ends(10, uint32(unix.SIGTERM))))
}

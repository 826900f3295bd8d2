// Package supervisor is the one process of a scenario that starts programs and waits for them.
//
// It is an executable of the kit's, cmd/supervisor or the checker itself, started under the name below, and never holds learner
// code. In a sandbox it is the init of its own PID namespace; elsewhere a subreaper. It talks to the checker over
// descriptor 3, a socket that keeps messages apart (SOCK_SEQPACKET): one JSON request, one JSON reply, and
// news in between. When the checker goes away, it ends everything, and then itself.
package supervisor

import "forklings/checker/trace"

// Name is argv[0] of a supervisor.
const Name = "forklings-supervisor"

// Nothing is argv[0] of a process that ends as soon as it can: what that costs tells how slow a machine is.
const Nothing = "forklings-nothing"

// Request asks for one thing.
type Request struct {
	Op string // "settle", once and first; "start"; "protect"; "hold"; "go"; traced: "gate"; "end"

	// settle
	Namespaces bool   `json:",omitempty"` // this process is the init of its own namespaces
	NoLandlock bool   `json:",omitempty"` // behave as a kernel without Landlock does
	NoScope    bool   `json:",omitempty"` // behave as a kernel before Linux 6.12 does: Landlock knows files, and no signals
	NoPtrace   bool   `json:",omitempty"` // behave as a machine that lets nobody trace
	Outside    []int  `json:",omitempty"` // processes that programs must never signal, where only seccomp can refuse it
	Processes  int    `json:",omitempty"` // that programs may have at once; 0: no limit
	Numbers    bool   `json:",omitempty"` // there will be a start under a given PID, or a protect
	Holds      bool   `json:",omitempty"` // there will be a hold
	Limits     Limits // of each program
	Walls      *Walls `json:",omitempty"` // nil: none
	Trace      string `json:",omitempty"` // trace all programs; the folder of the files that this is about

	// gate: calls of these kinds wait for "go" from now on; hold: of PID, the next call of one kind about a file below a folder; go: TID
	Gates []trace.Gate `json:",omitempty"`
	Call  string       `json:",omitempty"`
	Files string       `json:",omitempty"`
	TID   int          `json:",omitempty"`

	// start; protect: PID only, which nobody may signal from now on
	PID      int      `json:",omitempty"` // the one it is to have, of a process that has ended and was waited for; 0: any
	Path     string   `json:",omitempty"`
	Args     []string `json:",omitempty"`
	Env      []string `json:",omitempty"`
	Dir      string   `json:",omitempty"`
	Out, Err string   `json:",omitempty"` // files; empty: the descriptors that came with the request
}

// Report is a reply, or news. PIDs are those inside the sandbox.
type Report struct {
	Kind   string // "ready", "started" (with a pidfd), "protected", "gated", "holds", "error", "cannot", "done"; news: "ended", "timer", "socket", "trace", "at" (a process is held before a call), "storm" (a fork was refused: too many processes)
	PID    int    `json:",omitempty"`
	Status uint32 `json:",omitempty"` // ended: as wait4 gives it
	Error  string `json:",omitempty"` // error; cannot: what the machine does not allow

	// ready
	Confined string `json:",omitempty"` // what keeps the programs' signals inside: "namespace", "landlock", "seccomp", ""
	Timers   bool   `json:",omitempty"` // timers that /proc does not show are seen, or refused
	ReadOnly bool   `json:",omitempty"` // nothing but the working folder can be changed, not even a mode or a time
	Sized    bool   `json:",omitempty"` // the working folder is a file system of its own
	Files    bool   `json:",omitempty"` // only what the walls leave can be read and written

	// timer: a process has set ITIMER_REAL, in nanoseconds; both 0: it is off
	Value, Interval int64 `json:",omitempty"`

	// at
	TID   int    `json:",omitempty"`
	Point string `json:",omitempty"` // the kind of the call

	// trace: what a program did
	Record *trace.Record `json:",omitempty"`

	// socket: a socket was given a timeout, Value, for receiving or sending; 0: none any more
	Socket string `json:",omitempty"` // as in /proc/PID/fd
	Sends  bool   `json:",omitempty"`
}

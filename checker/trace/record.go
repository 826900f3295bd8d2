// Package trace records what processes really do: it holds the ptrace part of a supervisor, and what comes of it.
//
// Everything that a program starts is traced with it, to the end of the last. A seccomp filter stops only the calls that
// tell something (SECCOMP_RET_TRACE, seccomp(2)), so that all others cost nothing.
package trace

import (
	"math"

	"golang.org/x/sys/unix"
)

// Record is one thing that a process did, or that happened to it.
type Record struct {
	At  int64 // ns, CLOCK_MONOTONIC
	PID int   // in the scenario's numbers
	TID int   `json:",omitempty"` // when it is not the main thread
	Op  Op

	Phase   Phase    `json:",omitempty"`
	Call    string   `json:",omitempty"` // the system call
	Target  int      `json:",omitempty"` // PID of whom it is about: the child, the one signalled; with a minus a group
	Signal  string   `json:",omitempty"`
	Status  uint32   `json:",omitempty"` // as wait4 gives it
	FD      int      `json:",omitempty"`
	Path    string   `json:",omitempty"`
	To      string   `json:",omitempty"`
	Args    []string `json:",omitempty"`
	Flags   uint64   `json:",omitempty"`
	Data    string   `json:",omitempty"` // the beginning of what was read or written
	N       int64    `json:",omitempty"` // what the call returned
	Failure string   `json:",omitempty"` // its error, such as ECHILD
	Times   int      `json:",omitempty"` // so many calls in a row, 0: one
	Breaks  bool     `json:",omitempty"` // Return: no order of the calls explains it
	Decides bool     `json:",omitempty"` // the verdict is about this
}

// Gone is a Target that a pidfd once led to, and that somebody has waited for since: its number is not told any more.
const Gone = math.MinInt32

// Unlocks reports whether a lock is given back.
func (r Record) Unlocks() bool {
	return r.Op == Lock && (r.Call == "flock" && r.Flags&unix.LOCK_UN != 0 || r.Data == "unlock")
}

// Blocks reports whether a lock is asked for that only one may have, and waited for.
func (r Record) Blocks() bool {
	return r.Op == Lock && (r.Call == "flock" && r.Flags&(unix.LOCK_EX|unix.LOCK_NB) == unix.LOCK_EX ||
		r.Data == "exclusive" && (r.Flags == unix.F_SETLKW || r.Flags == unix.F_OFD_SETLKW))
}

// Op is the kind of a record.
type Op string

const (
	Start     Op = "start"     // Target was started; Call says how
	Exec      Op = "exec"      // another program: Args
	TryExec   Op = "tryexec"   // Path was to be run; told where it failed
	End       Op = "end"       // Status
	Wait      Op = "wait"      // for Target; it may be over at once
	Kill      Op = "kill"      // Signal to Target
	Delivered Op = "signal"    // Signal has come
	Stopped   Op = "stopped"   // by Signal
	Continued Op = "continued" // after a stop
	Setsid    Op = "setsid"
	Setpgid   Op = "setpgid" // Target into the group Flags
	Prctl     Op = "prctl"   // Flags: which
	Open      Op = "open"    // Path, Flags
	Close     Op = "close"
	Read      Op = "read"
	Write     Op = "write"
	Lock      Op = "lock" // Call: flock or fcntl; Flags
	Rename    Op = "rename"
	Link      Op = "link"
	Unlink    Op = "unlink"
	Truncate  Op = "truncate"
	Mkdir     Op = "mkdir"
	Symlink   Op = "symlink" // Path, which leads to To
	Look      Op = "look"    // whether Path is there: stat and access
	Nap       Op = "nap"     // it sleeps by a timer, N ns at most
	Exit      Op = "exit"    // it is about to end by itself
)

// Phase of a call that may take long: it has a record when it begins and one when it returns.
type Phase string

const (
	Whole  Phase = ""
	Begins Phase = "begins"
	Ends   Phase = "ends"
	Parked Phase = "parked" // it waits at this call until Go lets it go on
	Failed Phase = "failed" // a call that would have to wait, of one that takes turns: it waits for Go again
)

// What the engine adds.
const (
	Turn   Op = "turn"   // it could go on, but it is the turn of Target
	Named  Op = "named"  // the process's name is Path
	Point  Op = "point"  // it is at the sync point Path; with Parked, it is held there; with a Call, it is held before its next one of the kind Path
	Let    Op = "let"    // it may go on from the sync point Path, or with a Call, to its next one of the kind Path
	Sent   Op = "sent"   // the scenario is about to send it Signal
	Rest   Op = "rest"   // what it does in the end: Data
	Answer Op = "answer" // it has answered Path: Data
	Call   Op = "call"   // it begins Data with the object Path
	Return Op = "return" // Data came back from the object Path

	Arranged Op = "arranged" // its program has changed Path in the scenario's place
)

// Package sandbox starts a scenario's supervisor, walled in where the machine allows it.
package sandbox

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"forklings/checker/cgroup"
	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// Tier is how well a scenario is walled in. Verdicts are the same on every tier.
type Tier string

const (
	// Namespaces: a user, PID, mount, IPC and network namespace of its own; the supervisor is its init.
	Namespaces Tier = "namespaces"
	// Subreaper: the supervisor adopts what the programs leave behind (PR_SET_CHILD_SUBREAPER) and hunts
	// down the rest. Signals are kept inside by Landlock (Linux 6.12), else kill(-1) is refused by seccomp.
	Subreaper Tier = "subreaper"
)

// Processes is how many processes a scenario's programs may have at once: more is a storm.
const Processes = 100

// Limits on all programs of a scenario together: bytes of memory; bytes and number of the files in its folder, and bytes
// written to the disk.
const (
	Memory    = 1 << 30
	Disk      = 256 << 20
	DiskFiles = 10_000
	Written   = 1 << 30
)

// Limits are those of each single program.
var Limits = supervisor.Limits{FileSize: 64 << 20, Data: 1 << 30, Files: 4096}

// What the kernel holds all processes of a scenario to, its supervisor too: a little more than what is looked for, so that it is told
// of in the same words, and only who is quicker than a look meets these.
const (
	holdsBytes = Disk + Disk/4
	holdsFiles = DiskFiles + DiskFiles/4
)

var groupLimits = cgroup.Limits{Memory: Memory + Memory/4, Threads: proc.Crowd + 100}

// Options choose a sandbox.
type Options struct {
	Tier       Tier
	NoLandlock bool   // behave as a kernel without Landlock does
	NoScope    bool   // behave as a kernel before Linux 6.12 does: Landlock knows files, and no signals
	NoPtrace   bool   // behave as a machine that lets nobody trace
	NoCgroups  bool   // behave as a machine that lets this user make no control groups
	Trace      string // trace all programs; the folder of the files that this is about
	Numbers    bool   // the scenario is about PIDs: one may be used again, or may not be signalled
	Holds      bool   // a process may be held before a system call

	Least     string   // of Levels: walled in less well, the sandbox does not start; "": any
	Own, Work string   // the folder of the program, and the one that programs may write to; "": no walls around files
	Read      []string // what programs may read and run beside; nil: Public()
}

// slowest is how long a supervisor may take to be ready, and to end everything: milliseconds, but for machines that are slow, or busy.
const slowest = time.Minute

// Sandbox is a running supervisor, seen from outside. It is used by one goroutine.
type Sandbox struct {
	Options
	FD       int    // the checker's end of the socket: readable when there is a report
	PID      int    // the supervisor's, as the checker knows it
	Confined string // what keeps signals inside: "namespace", "landlock" or "seccomp"
	Timers   bool   // calls of setitimer are reported
	ReadOnly bool   // nothing but Work can be changed, not even a mode or a time
	Files    bool   // only what the walls leave can be read and written
	Seen     string // Work as we see it: where it is a file system of the sandbox's own, a path by way of a descriptor
	Sized    bool   // it is
	Cgroup   error  // why there is no control group that was wanted
	pidfd    int
	work     int // a descriptor of Work, when it is Sized
	nursery  *nursery
	refused  cgroup.Refused // to those who were in the control group before
}

// Start starts a supervisor and waits until it is ready. An error says which step the machine refused.
func Start(o Options) (*Sandbox, error) {
	s := &Sandbox{Options: o}
	err := s.start()
	if err != nil {
		return nil, lang.Errorf("start the supervisor (%s): %w", o.Tier, err)
	}
	if err := s.settle(); err != nil {
		s.Kill()
		return nil, lang.Errorf("supervisor (%s): %w", o.Tier, err)
	}
	if Less(s.Level(), o.Least) {
		s.Kill()
		return nil, lang.Errorf("the walls of this scenario are those of %s, and %s was tried out before", s.Level(), o.Least)
	}
	return s, nil
}

func (s *Sandbox) start() error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return lang.Errorf("socketpair: %w", err)
	}
	defer unix.Close(pair[1])
	s.FD = pair[0]
	if s.nursery, s.Cgroup, err = take(s.Tier == Namespaces && !s.NoCgroups && s.Own != ""); err == nil {
		s.refused = s.counted()
		if s.PID, s.pidfd, err = s.nursery.born(supervisor.Birth{Namespaces: s.Tier == Namespaces}, pair[1]); err != nil {
			s.nursery.give()
		}
	}
	if err != nil {
		unix.Close(s.FD)
	}
	return err
}

func (s *Sandbox) grouped() bool { return s.nursery.group != nil }

func (s *Sandbox) counted() (r cgroup.Refused) {
	if s.grouped() {
		r = s.nursery.group.Refused()
	}
	return r
}

// Refused tells what the control group has refused to the processes of this scenario; scarce: it is not they that had too much
// memory, but the machine too little, and one of them was ended for that.
func (s *Sandbox) Refused() (memory, scarce, threads bool) {
	now := s.counted()
	ended, full := now.Memory > s.refused.Memory, now.Full > s.refused.Full
	return ended && full, ended && !full, now.Threads > s.refused.Threads
}

func (s *Sandbox) settle() error {
	err := s.Send(supervisor.Request{
		Op: "settle", Namespaces: s.Tier == Namespaces, NoLandlock: s.NoLandlock, NoScope: s.NoScope, NoPtrace: s.NoPtrace,
		Outside: outside(), Limits: s.limits(), Processes: Processes, Walls: s.walls(), Numbers: s.Numbers, Holds: s.Holds, Trace: s.Trace,
	})
	if err != nil {
		return err
	}
	s.limit(slowest)
	defer s.limit(0)
	r, _, err := s.Receive()
	if err == nil && r.Kind != "ready" {
		err = errors.New(r.Error)
	}
	s.Confined, s.Timers, s.ReadOnly, s.Files, s.Sized = r.Confined, r.Timers, r.ReadOnly, r.Files, r.Sized
	if s.Seen = s.Work; err == nil && s.Sized {
		if s.work, err = unix.Open(fmt.Sprintf("/proc/%d/root%s", s.PID, s.Work), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err != nil {
			return lang.Errorf("open the scenario's folder: %w", err)
		}
		s.Seen = fmt.Sprintf("/proc/self/fd/%d", s.work)
	}
	return err
}

// Filled is what the working folder holds, with the files that have no name any more; ok is false where only going through it tells.
func (s *Sandbox) Filled() (bytes int64, files int, ok bool) {
	var st unix.Statfs_t
	if !s.Sized || s.FD < 0 || unix.Fstatfs(s.work, &st) != nil {
		return 0, 0, false
	}
	return int64(st.Blocks-st.Bfree) * st.Bsize, int(st.Files - st.Ffree), true
}

// Proc is the path of the /proc that shows the scenario's processes, and the process below which they
// are, 0 when it shows nothing else.
func (s *Sandbox) Proc() (path string, root int) {
	if s.Tier == Namespaces {
		return fmt.Sprintf("/proc/%d/root/proc", s.PID), 0
	}
	return "/proc", s.PID
}

// Depth is how many PID namespaces the processes inside are below ours; a program may make more of its own.
func (s *Sandbox) Depth() int {
	if s.Tier == Namespaces {
		return 1
	}
	return 0
}

// Inner is the supervisor's PID as the processes inside, and Proc, know it.
func (s *Sandbox) Inner() int {
	if s.Tier == Namespaces {
		return 1
	}
	return s.PID
}

// Send sends one request, with descriptors for a start that brings its own.
func (s *Sandbox) Send(r supervisor.Request, files ...int) error {
	return supervisor.Send(s.FD, r, files...)
}

// buffers are for messages: to make one for each would cost more than all the rest of a message.
var buffers = sync.Pool{New: func() any { return new([supervisor.MaxMessage]byte) }}

// Receive waits for one report; with "started" comes a pidfd, otherwise it is -1. An error means that the
// supervisor is gone.
func (s *Sandbox) Receive() (r supervisor.Report, pidfd int, err error) {
	buf := buffers.Get().(*[supervisor.MaxMessage]byte)
	defer buffers.Put(buf)
	files, err := supervisor.Receive(s.FD, buf[:], &r)
	if err != nil {
		return r, -1, lang.Errorf("the supervisor is gone: %w", err)
	}
	if len(files) == 1 {
		return r, files[0], nil
	}
	return r, -1, nil
}

// End ends everything inside. An error means that it could not be proved that nothing is left.
//
// When the init of a PID namespace has been killed and waited for, so has everything in it (pid_namespaces(7)).
// A subreaper ends everything itself, and says so once there is nothing to wait for.
func (s *Sandbox) End() error {
	defer s.Kill()
	if s.Tier == Namespaces {
		return nil
	}
	if err := s.Send(supervisor.Request{Op: "end"}); err != nil {
		return err
	}
	s.limit(slowest)
	for {
		r, fd, err := s.Receive()
		if fd >= 0 {
			unix.Close(fd)
		}
		if err != nil || r.Kind == "done" {
			return err
		}
	}
}

// limit bounds how long Receive waits; 0 is without limit.
func (s *Sandbox) limit(d time.Duration) {
	tv := unix.NsecToTimeval(int64(d))
	unix.SetsockoptTimeval(s.FD, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
}

// Kill makes sure that the supervisor is gone; in a PID namespace, everything inside goes with it: a pidfd of its init
// tells of the end when all the rest has been killed and waited for.
func (s *Sandbox) Kill() {
	if s.FD < 0 {
		return
	}
	unix.PidfdSendSignal(s.pidfd, unix.SIGKILL, nil, 0)
	over := []unix.PollFd{{Fd: int32(s.pidfd), Events: unix.POLLIN}}
	for n := 0; n <= 0; { // interrupted: again
		n, _ = unix.Poll(over, -1)
	}
	unix.Close(s.pidfd)
	unix.Close(s.FD)
	s.FD = -1
	if s.Sized {
		unix.Close(s.work)
	}
	s.nursery.give()
}

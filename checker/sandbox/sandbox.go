// Package sandbox starts a scenario's supervisor, walled in where the machine allows it.
package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

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

// FileSize is the largest file that a program may write, in bytes.
const FileSize = 64 << 20

// Options choose a sandbox.
type Options struct {
	Tier       Tier
	NoLandlock bool // behave as a kernel without Landlock does
	Numbers    bool // the scenario is about PIDs: one may be used again, or may not be signalled
}

// Sandbox is a running supervisor, seen from outside. It is used by one goroutine.
type Sandbox struct {
	Options
	FD       int    // the checker's end of the socket: readable when there is a report
	PID      int    // the supervisor's, as the checker knows it
	Confined string // what keeps signals inside: "namespace", "landlock" or "seccomp"
	Timers   bool   // calls of setitimer are reported
	cmd      *exec.Cmd
}

// Start starts a supervisor and waits until it is ready. An error says which step the machine refused.
func Start(o Options) (*Sandbox, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socketpair: %w", err)
	}
	theirs := os.NewFile(uintptr(pair[1]), "supervisor")
	defer theirs.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = []string{supervisor.Name}
	cmd.Env = []string{"GOMAXPROCS=3", "GOGC=off"} // why: supervisor/seccomp.go
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.Tier == Namespaces {
		namespaces(cmd.SysProcAttr)
	}
	if err := cmd.Start(); err != nil {
		unix.Close(pair[0])
		return nil, fmt.Errorf("start the supervisor (%s): %w", o.Tier, err)
	}
	s := &Sandbox{Options: o, FD: pair[0], PID: cmd.Process.Pid, cmd: cmd}
	err = s.Send(supervisor.Request{
		Op: "settle", Namespaces: o.Tier == Namespaces, NoLandlock: o.NoLandlock,
		Outside: []int{os.Getpid()}, FileSize: FileSize, Processes: Processes, Numbers: o.Numbers,
	})
	if err != nil {
		s.Kill()
		return nil, fmt.Errorf("supervisor (%s): %w", o.Tier, err)
	}
	s.limit(10 * time.Second)
	r, _, err := s.Receive()
	s.limit(0)
	if err == nil && r.Kind != "ready" {
		err = errors.New(r.Error)
	}
	if err != nil {
		s.Kill()
		return nil, fmt.Errorf("supervisor (%s): %w", o.Tier, err)
	}
	s.Confined, s.Timers = r.Confined, r.Timers
	return s, nil
}

// namespaces maps the same numbers inside as outside, so that getuid says what the learner expects. An exec
// by somebody who is not root inside drops capabilities unless they are ambient.
func namespaces(a *syscall.SysProcAttr) {
	uid, gid := os.Geteuid(), os.Getegid()
	a.Cloneflags = unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	a.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
}

// Proc is the path of the /proc that shows the scenario's processes, and the process below which they
// are, 0 when it shows nothing else.
func (s *Sandbox) Proc() (path string, root int) {
	if s.Tier == Namespaces {
		return fmt.Sprintf("/proc/%d/root/proc", s.PID), 0
	}
	return "/proc", s.PID
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
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var rights []byte
	if len(files) > 0 {
		rights = unix.UnixRights(files...)
	}
	for {
		if err = unix.Sendmsg(s.FD, b, rights, nil, unix.MSG_NOSIGNAL); err != unix.EINTR {
			return err
		}
	}
}

// Receive waits for one report; with "started" comes a pidfd, otherwise it is -1. An error means that the
// supervisor is gone.
func (s *Sandbox) Receive() (r supervisor.Report, pidfd int, err error) {
	buf, oob := make([]byte, 1<<16), make([]byte, unix.CmsgSpace(4))
	var n, m int
	for {
		n, m, _, _, err = unix.Recvmsg(s.FD, buf, oob, unix.MSG_CMSG_CLOEXEC)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil || n == 0 {
		return r, -1, errors.Join(errors.New("the supervisor is gone"), err)
	}
	pidfd = -1
	if m > 0 {
		if msgs, err := unix.ParseSocketControlMessage(oob[:m]); err == nil && len(msgs) == 1 {
			if fds, err := unix.ParseUnixRights(&msgs[0]); err == nil && len(fds) == 1 {
				pidfd = fds[0]
			}
		}
	}
	return r, pidfd, json.Unmarshal(buf[:n], &r)
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
	s.limit(10 * time.Second)
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

// Kill makes sure that the supervisor is gone; in a PID namespace, everything inside goes with it.
func (s *Sandbox) Kill() {
	if s.FD < 0 {
		return
	}
	s.cmd.Process.Kill()
	s.cmd.Wait()
	unix.Close(s.FD)
	s.FD = -1
}

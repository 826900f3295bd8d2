package supervisor

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"

	"forklings/checker/cgroup"

	"golang.org/x/sys/unix"
)

// Nursery is the argv[0] of a nursery: a small process in which supervisors are started.
//
// A process that is to have a user namespace of its own cannot be started by vfork, as Go starts all others: its parent
// has to write its ID maps first. So the parent's memory is copied on write, and every page that it touches from then on
// costs it a page fault: the larger the process, the dearer.
const Nursery = "forklings-nursery"

// Birth asks a nursery for a supervisor. The supervisor's end of its socket comes with it.
type Birth struct {
	Namespaces bool // user, PID, mount, IPC and network namespace of its own
}

// Born is the answer; with it comes a pidfd, which says when the supervisor has ended.
type Born struct {
	PID   int
	Error string `json:",omitempty"`
}

// nurse starts supervisors until the checker is gone, one at a time. It waits for each in the background: nobody else can. Its
// arguments are the seats of its control group, if it has one: that ends with it.
func nurse() {
	keepDescriptors()
	var waiting sync.WaitGroup
	buf := make([]byte, 1<<10)
	for {
		var b Birth
		files, err := Receive(socket, buf, &b)
		if err != nil || len(files) != 1 {
			leave(&waiting, os.Args[1:])
			os.Exit(0)
		}
		p, fd, err := b.start(os.NewFile(uintptr(files[0]), "supervisor"))
		if err != nil {
			Send(socket, Born{Error: err.Error()})
			continue
		}
		Send(socket, Born{PID: p.Pid}, fd)
		unix.Close(fd)
		waiting.Go(func() { p.Wait() })
	}
}

// leave removes a control group as soon as its last supervisor has ended: without the checker, they do.
func leave(waiting *sync.WaitGroup, args []string) {
	var seats []cgroup.Seat
	for pair := range slices.Chunk(args, 2) {
		seats = append(seats, cgroup.Seat{Dir: pair[0], Home: pair[1]})
	}
	if len(seats) > 0 {
		waiting.Wait()
		cgroup.Leave(seats)
	}
}

func (b Birth) start(theirs *os.File) (p *os.Process, pidfd int, err error) {
	defer theirs.Close()
	attr := &os.ProcAttr{
		Env:   []string{"GOMAXPROCS=3", "GOGC=off"}, // why: seccomp.go
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr, theirs},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}
	if b.Namespaces {
		namespaces(attr.Sys)
	}
	if p, err = os.StartProcess("/proc/self/exe", []string{Name}, attr); err != nil {
		return nil, -1, err
	}
	// It is this process's child and nobody has waited for it: the number is its own.
	if pidfd, err = unix.PidfdOpen(p.Pid, 0); err != nil {
		p.Kill()
		p.Wait()
		return nil, -1, fmt.Errorf("pidfd_open: %w", err)
	}
	return p, pidfd, nil
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

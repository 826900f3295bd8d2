package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"forklings/checker/cgroup"
	"forklings/checker/lang"
	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// nurseries are the processes that start supervisors. One without a control group starts any number at a time. What is started by one
// with a group is born in it, so that one plays one scenario at a time: moving a process costs more than starting it.
var nurseries struct {
	sync.Mutex
	from  func() (string, error)
	all   []*nursery
	plain *nursery   // without a group
	idle  []*nursery // with one

	ungrouped error // why there has never been a group; nobody tries again
}

type nursery struct {
	cmd    *exec.Cmd
	socket int
	group  *cgroup.Group // nil: none
}

// StartFrom says where supervisors are started from: a smaller executable than this one, which becomes a nursery under that
// name. It is asked for with the first sandbox. Without it, or when it is not to be had, supervisors are started from this
// executable; that does the same, and takes longer.
func StartFrom(executable func() (string, error)) {
	nurseries.Lock()
	defer nurseries.Unlock()
	nurseries.from = executable
}

// take finds a nursery that is free, or opens one. Without a control group that it was to have, ungrouped says why.
func take(grouped bool) (n *nursery, ungrouped, err error) {
	nurseries.Lock()
	defer nurseries.Unlock()
	if grouped && nurseries.ungrouped == nil {
		if last := len(nurseries.idle) - 1; last >= 0 {
			n, nurseries.idle = nurseries.idle[last], nurseries.idle[:last]
			return n, nil, nil
		}
		if n, ungrouped = open(true); ungrouped == nil {
			return n, nil, nil
		}
		if !slices.ContainsFunc(nurseries.all, func(n *nursery) bool { return n.group != nil }) {
			nurseries.ungrouped = ungrouped
		}
	} else if grouped {
		ungrouped = nurseries.ungrouped
	}
	if nurseries.plain == nil {
		nurseries.plain, err = open(false)
	}
	return nurseries.plain, ungrouped, err
}

// give hands a nursery back when its scenario is over.
func (n *nursery) give() {
	nurseries.Lock()
	defer nurseries.Unlock()
	if n.group != nil && slices.Contains(nurseries.all, n) {
		nurseries.idle = append(nurseries.idle, n)
	}
}

// born starts a supervisor that holds this end of its socket. PID and pidfd are the caller's.
func (n *nursery) born(b supervisor.Birth, end int) (pid, pidfd int, err error) {
	nurseries.Lock()
	defer nurseries.Unlock()
	var answer supervisor.Born
	var files []int
	if err = supervisor.Send(n.socket, b, end); err == nil {
		files, err = supervisor.Receive(n.socket, make([]byte, 1<<12), &answer)
	}
	switch {
	case err != nil:
		n.shut()
		return 0, -1, lang.Errorf("the process that starts supervisors is gone: %w", err)
	case answer.Error != "":
		return 0, -1, errors.New(answer.Error)
	case len(files) != 1:
		return 0, -1, lang.Errorf("no pidfd came with the supervisor")
	}
	return answer.PID, files[0], nil
}

func open(grouped bool) (n *nursery, err error) {
	n = &nursery{}
	if grouped {
		if n.group, err = cgroup.New(groupLimits); err != nil {
			return nil, err
		}
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, lang.Errorf("socketpair: %w", err)
	}
	theirs := os.NewFile(uintptr(pair[1]), "nursery")
	defer theirs.Close()
	n.socket = pair[0]
	if nurseries.from != nil {
		if path, from := nurseries.from(); from == nil {
			err = n.start(path, theirs)
		}
	}
	if n.cmd == nil {
		err = n.start("/proc/self/exe", theirs)
	}
	if err != nil {
		unix.Close(n.socket)
		if n.group != nil {
			n.group.Remove()
		}
		return nil, err
	}
	nurseries.all = append(nurseries.all, n)
	if n.group != nil {
		if err := n.group.Add(n.cmd.Process.Pid); err != nil {
			n.shut()
			return nil, err
		}
	}
	return n, nil
}

func (n *nursery) start(executable string, theirs *os.File) error {
	cmd := exec.Command(executable)
	cmd.Args = []string{supervisor.Nursery}
	if n.group != nil { // who removes it, should the checker be killed
		for _, s := range n.group.Seats() {
			cmd.Args = append(cmd.Args, s.Dir, s.Home)
		}
	}
	cmd.Env = []string{"GOMAXPROCS=1"}
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a Ctrl-C is the checker's alone
	if err := cmd.Start(); err != nil {
		return err
	}
	n.cmd = cmd
	return nil
}

// outside are the processes of the checker itself.
func outside() []int {
	nurseries.Lock()
	defer nurseries.Unlock()
	pids := []int{os.Getpid()}
	for _, n := range nurseries.all {
		pids = append(pids, n.cmd.Process.Pid)
	}
	return pids
}

// patience is for a nursery that waits for its last supervisor, which may be one that nobody has ended: it does when we are gone.
const patience = 5 * time.Second

// shut ends a nursery, and waits until it has ended.
func (n *nursery) shut() {
	unix.Close(n.socket)
	ended := make(chan bool)
	go func() {
		n.cmd.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
	if n.group != nil {
		n.group.Remove() // the nursery has; but not one that was killed
	}
	mine := func(other *nursery) bool { return other == n }
	nurseries.all = slices.DeleteFunc(nurseries.all, mine)
	nurseries.idle = slices.DeleteFunc(nurseries.idle, mine)
	if nurseries.plain == n {
		nurseries.plain = nil
	}
}

// Close ends the processes that start supervisors. It is for the end of a program; a sandbox started later would start
// one again.
func Close() {
	nurseries.Lock()
	defer nurseries.Unlock()
	for _, n := range slices.Clone(nurseries.all) {
		n.shut()
	}
}

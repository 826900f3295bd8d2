package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"forklings/checker/lang"
	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// nursery is the process that starts the supervisors. There is one, from the first sandbox on.
var nursery struct {
	sync.Mutex
	from   func() (string, error)
	cmd    *exec.Cmd
	socket int
}

// StartFrom says where supervisors are started from: a smaller executable than this one, which becomes a nursery under that
// name. It is asked for with the first sandbox. Without it, or when it is not to be had, supervisors are started from this
// executable; that does the same, and takes longer.
func StartFrom(executable func() (string, error)) {
	nursery.Lock()
	defer nursery.Unlock()
	nursery.from = executable
}

// born starts a supervisor that holds this end of its socket. PID and pidfd are the caller's.
func born(b supervisor.Birth, end int) (pid, pidfd int, err error) {
	nursery.Lock()
	defer nursery.Unlock()
	if nursery.cmd == nil {
		if err := open(); err != nil {
			return 0, -1, err
		}
	}
	var answer supervisor.Born
	var files []int
	if err = supervisor.Send(nursery.socket, b, end); err == nil {
		files, err = supervisor.Receive(nursery.socket, make([]byte, 1<<12), &answer)
	}
	switch {
	case err != nil:
		shut()
		return 0, -1, lang.Errorf("the process that starts supervisors is gone: %w", err)
	case answer.Error != "":
		return 0, -1, errors.New(answer.Error)
	case len(files) != 1:
		return 0, -1, lang.Errorf("no pidfd came with the supervisor")
	}
	return answer.PID, files[0], nil
}

func open() error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return lang.Errorf("socketpair: %w", err)
	}
	theirs := os.NewFile(uintptr(pair[1]), "nursery")
	defer theirs.Close()
	if nursery.from != nil {
		if path, from := nursery.from(); from == nil {
			nursery.cmd, err = nurse(path, theirs)
		}
	}
	if nursery.cmd == nil {
		nursery.cmd, err = nurse("/proc/self/exe", theirs)
	}
	if err != nil {
		unix.Close(pair[0])
		return err
	}
	nursery.socket = pair[0]
	return nil
}

func nurse(executable string, theirs *os.File) (*exec.Cmd, error) {
	cmd := exec.Command(executable)
	cmd.Args = []string{supervisor.Nursery}
	cmd.Env = []string{"GOMAXPROCS=1"}
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a Ctrl-C is the checker's alone
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd, nil
}

// outside are the processes of the checker itself.
func outside() []int {
	nursery.Lock()
	defer nursery.Unlock()
	pids := []int{os.Getpid()}
	if nursery.cmd != nil {
		pids = append(pids, nursery.cmd.Process.Pid)
	}
	return pids
}

func shut() {
	unix.Close(nursery.socket)
	nursery.cmd.Wait()
	nursery.cmd = nil
}

// Close ends the process that starts the supervisors. It is for the end of a program; a sandbox started later would start
// it again.
func Close() {
	nursery.Lock()
	defer nursery.Unlock()
	if nursery.cmd != nil {
		shut()
	}
}

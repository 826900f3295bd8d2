// -> fail never-starts
// needs: any
// A child in a session of its own that holds the output, ignores signals, and waits for the end.
package join

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] == "daemon" {
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
		time.Sleep(20 * time.Second)
		os.WriteFile("/tmp/forklings-hostile", nil, 0o666)
		os.Exit(0)
	}
	cmd := again("daemon")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Start()
	syscall.Exit(0)
}

// again runs this program once more.
func again(args ...string) *exec.Cmd {
	exe, _ := os.Executable()
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }

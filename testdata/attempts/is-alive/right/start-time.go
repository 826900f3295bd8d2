// Looks into /proc and compares the parent and the start time too, so that a PID that was used again is told apart.

package isalive

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

type Process struct {
	args   []string
	pid    int
	began  string
	reaped bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	_, p.began = look(p.pid)
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.reaped {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.reaped = err == nil
	return err
}

func (p *Process) IsAlive() bool {
	state, began := look(p.pid)
	return p.pid != 0 && began == p.began && strings.Contains("RSDTtI", state)
}

// look reads the state, the parent and the start time of a process, fields 3, 4 and 22 of proc_pid_stat(5). The start time
// alone is not enough: it is told in hundredths of a second.
func look(pid int) (state, began string) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "gone", ""
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:]))
	return f[0], f[1] + " " + f[19]
}

func Exists(pid int) bool {
	_, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	return err == nil
}

// The mark is the name that the child is called by, and the type is a number; poll of a pidfd waits.
package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

type Runner interface{ Run() }

type Process struct {
	r   Runner
	cmd *exec.Cmd
}

var types []reflect.Type

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	if !slices.Contains(types, t) {
		types = append(types, t)
	}
}

func Main() {
	number, isChild := strings.CutPrefix(os.Args[0], "runner-child-")
	if !isChild {
		return
	}
	i, err := strconv.Atoi(number)
	if err != nil || i >= len(types) {
		fmt.Fprintln(os.Stderr, "no type", number)
		os.Exit(1)
	}
	t := types[i]
	r := reflect.New(t).Interface().(Runner)
	if err := json.NewDecoder(os.Stdin).Decode(r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	t := reflect.TypeOf(p.r).Elem()
	i := slices.Index(types, t)
	if i < 0 {
		return fmt.Errorf("%v is not registered", t)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fields, err := json.Marshal(p.r)
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Args[0] = fmt.Sprintf("runner-child-%d", i)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	_, err = in.Write(fields)
	return err
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	fd, err := unix.PidfdOpen(p.cmd.Process.Pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	for err = unix.EINTR; err == unix.EINTR; {
		_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
	}
	return p.cmd.Wait()
}

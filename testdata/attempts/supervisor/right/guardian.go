// Each service has a guardian, this program in another role: it starts and ends the service, and ends it when its pipe is closed.

package supervisor

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Service struct {
	Name string
	Args []string
}

type Policy struct {
	First  time.Duration
	Max    time.Duration
	Steady time.Duration
	Grace  time.Duration
}

type Kind int

const (
	Started Kind = iota + 1
	Ended
	Failed
)

type Event struct {
	Service Service
	Kind    Kind
	PID     int
	Code    int
	Err     error
}

type Clock interface {
	Now() time.Time
	At(due time.Time) <-chan time.Time
}

const guardian = "supervisor: guardian"

func init() {
	if os.Args[0] == guardian {
		guard()
	}
}

func say(words ...any) { fmt.Fprintln(os.NewFile(4, "answers"), words...) }

func guard() {
	signal.Ignore(syscall.SIGINT)
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	orders := make(chan string)
	go func() {
		lines := bufio.NewScanner(os.NewFile(3, "orders"))
		for lines.Scan() {
			orders <- lines.Text()
		}
		close(orders)
	}()
	exe, _ := os.Executable()
	cmd := exec.Command(exe, os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		say("failed", err)
		os.Exit(0)
	}
	pid := cmd.Process.Pid
	say("started", pid)
	ended := make(chan bool)
	go func() {
		for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
		close(ended)
	}()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case order, ok := <-orders:
			if ok && order == "ask" {
				syscall.Kill(pid, syscall.SIGTERM)
			} else {
				syscall.Kill(pid, syscall.SIGKILL)
				<-ended
				running = false
			}
		}
	}
	syscall.Kill(-pid, syscall.SIGKILL)
	cmd.Wait()
	code := cmd.ProcessState.ExitCode()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		code = -int(status.Signal())
	}
	say("ended", code)
	os.Exit(0)
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	turns, over := make([]chan bool, len(services)), make([]chan bool, len(services))
	for i, service := range services {
		turns[i], over[i] = make(chan bool), make(chan bool)
		go func() {
			defer close(over[i])
			pause := time.Duration(0)
			for ctx.Err() == nil {
				began := clock.Now()
				guarded(clock, policy, report, exe, service, turns[i])
				now := clock.Now()
				if pause == 0 || now.Sub(began) >= policy.Steady {
					pause = policy.First
				} else {
					pause = min(pause, policy.Max/2+1) * 2
					pause = min(pause, policy.Max)
				}
				select {
				case <-ctx.Done():
				case <-clock.At(now.Add(pause)):
				}
			}
		}()
	}
	<-ctx.Done()
	for i := len(services) - 1; i >= 0; i-- {
		close(turns[i])
		<-over[i]
	}
	return nil
}

func guarded(clock Clock, policy Policy, report func(Event), exe string, service Service, turn chan bool) {
	failed := func(err error) { report(Event{Service: service, Kind: Failed, Err: err}) }
	toldR, told, err := os.Pipe()
	if err != nil {
		failed(err)
		return
	}
	defer told.Close()
	answers, answersW, err := os.Pipe()
	if err != nil {
		toldR.Close()
		failed(err)
		return
	}
	defer answers.Close()
	cmd := exec.Command(exe, append([]string{service.Name}, service.Args...)...)
	cmd.Args[0] = guardian
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{toldR, answersW}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Start()
	toldR.Close()
	answersW.Close()
	if err != nil {
		failed(err)
		return
	}
	lines := bufio.NewScanner(answers)
	lines.Scan()
	word, rest, _ := strings.Cut(lines.Text(), " ")
	if word != "started" {
		cmd.Wait()
		failed(fmt.Errorf("%s %s", word, rest))
		return
	}
	pid, _ := strconv.Atoi(rest)
	report(Event{Service: service, Kind: Started, PID: pid})
	ended := make(chan int, 1)
	go func() {
		lines.Scan()
		code, _ := strconv.Atoi(strings.TrimPrefix(lines.Text(), "ended "))
		cmd.Wait()
		ended <- code
	}()
	var code int
	select {
	case code = <-ended:
	case <-turn:
		fmt.Fprintln(told, "ask")
		select {
		case code = <-ended:
		case <-clock.At(clock.Now().Add(policy.Grace)):
			fmt.Fprintln(told, "kill")
			code = <-ended
		}
	}
	report(Event{Service: service, Kind: Ended, PID: pid, Code: code})
}

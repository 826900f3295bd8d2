package program

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/24-group"

	"golang.org/x/sys/unix"
)

// tty is the terminal in the processes of its session: their standard input is another file.
const tty = 3

// terminal is the person at a terminal: whenever it is released it presses Ctrl-C. What the other arguments name begins a
// session there (pty(7)).
func terminal(me syncpoint.Role) {
	master, name := arrange.Terminal()
	must(unix.SetNonblock(master, true)) // for ctrlC
	slave, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOCTTY, 0)
	must(err)
	session(slave, &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: tty}, os.Args[2:]...)
	slave.Close()
	for {
		me.Reach("ready")
		ctrlC(master)
	}
}

// ctrlC types a Ctrl-C, and returns when the terminal shows it: by then the signal was sent. The kernel does that in a
// thread of its own, so we look without a sleep in which nobody could be seen moving.
func ctrlC(master int) {
	_, err := unix.Write(master, []byte{3})
	must(err)
	var shown []byte
	for buf := make([]byte, 64); !bytes.Contains(shown, []byte("^C")); {
		n, err := unix.Read(master, buf)
		if err == unix.EAGAIN || err == unix.EINTR {
			unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
			continue
		}
		must(err)
		shown = append(shown, buf[:n]...)
	}
}

// session starts this program with the terminal open.
func session(terminal *os.File, attr *syscall.SysProcAttr, args ...string) int {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.ExtraFiles, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = []*os.File{terminal}, os.Stdout, os.Stderr, attr
	must(cmd.Start())
	return cmd.Process.Pid
}

// login is the first process of a session. It starts another one in the foreground, as a shell does: for that one,
// unlike for itself, the kernel means it when it says SIGTTOU (a group whose parent is outside of the session gets EIO).
// If another role is named, that process leads the group.
func login(me syncpoint.Role) {
	terminal := opened()
	id := 0
	if len(os.Args) > 3 {
		id = session(terminal, &syscall.SysProcAttr{Setpgid: true}, os.Args[3])
	}
	job := session(terminal, &syscall.SysProcAttr{Setpgid: true, Pgid: id}, os.Args[2])
	must(unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, cmp.Or(id, job)))
	me.Reach("ready")
}

// useTerminal gives the terminal to a group, takes it back, and gives it to another one.
func useTerminal(me syncpoint.Role) {
	runtime.LockOSThread() // for sigttou
	me.Reach("up")
	interrupts := make(chan os.Signal, 8)
	signal.Notify(interrupts, syscall.SIGINT)
	go func() {
		for range interrupts {
			me.Reach("interrupted")
		}
	}()
	terminal := opened()
	one, two := group.New(), group.New()
	me.Say("too-soon", verdict(one.Foreground(terminal)))
	group.TakeTerminal(os.Stdin) // no terminal; what counts is SIGTTOU at the end
	start(one, "family")
	start(one, "second")
	start(two, "other")
	me.Reach("started")

	must(one.Foreground(terminal))
	me.Say("foreground", foreground())
	me.Reach("behind")
	must(one.Wait())
	me.Reach("waited")
	must(group.TakeTerminal(terminal))
	me.Say("foreground", foreground())
	me.Reach("in-front")
	me.Say("sigttou", sigttou())
	me.Reach("looked")
	me.Say("too-late", verdict(one.Foreground(terminal)))
	start(two, "late")
	me.Reach("began")
}

// switchGroups gives the terminal from one group to the next, from the background.
func switchGroups(me syncpoint.Role) {
	runtime.LockOSThread() // for sigttou
	me.Reach("up")
	terminal := opened()
	one, two := group.New(), group.New()
	start(one, "family")
	start(two, "second")
	waited := make(chan bool)
	go func() {
		must(two.Wait())
		me.Reach("waited")
		close(waited)
	}()
	me.Reach("started")
	must(one.Foreground(terminal))
	me.Reach("behind-one")
	must(two.Foreground(terminal))
	me.Say("foreground", foreground())
	me.Reach("behind-two")
	me.Say("sigttou", sigttou())
	me.Reach("looked")
	<-waited
	must(group.TakeTerminal(terminal))
	must(group.TakeTerminal(terminal))
	me.Say("foreground", foreground())
	me.Reach("in-front")

	// Who has blocked the signal already keeps it blocked.
	var set, mask unix.Sigset_t
	set.Val[0] = bit(syscall.SIGTTOU)
	must(unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil))
	must(group.TakeTerminal(terminal))
	must(unix.PthreadSigmask(unix.SIG_BLOCK, nil, &mask))
	me.Say("kept", mask.Val[0]&set.Val[0] != 0)
	me.Reach("kept")

	// After Wait there is still somebody in the group.
	must(one.Wait())
	me.Reach("over")
	me.Say("too-late", verdict(one.Foreground(terminal)))
	me.Say("signal", verdict(one.Signal(syscall.SIGHUP)))
	me.Reach("refused")
}

// opened is the terminal that this process was started with. What it starts does not inherit it.
func opened() *os.File {
	syscall.CloseOnExec(tty)
	return os.NewFile(tty, "tty")
}

// foreground gives the ID of the terminal's foreground group.
func foreground() int {
	id, err := unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	must(err)
	return id
}

// sigttou tells what this process, or a thread of it, does about SIGTTOU (proc_pid_status(5)). It is to be asked when
// nothing moves: a thread that is about to end keeps its mask to the end. The main thread of a Go program does not end
// even so, but rests for ever; it counts only if it is the caller's.
func sigttou() string {
	if mask("/proc/self/status", "SigIgn:")&bit(syscall.SIGTTOU) != 0 {
		return "ignored"
	}
	tasks, err := os.ReadDir("/proc/self/task")
	must(err)
	for _, task := range tasks {
		if tid, _ := strconv.Atoi(task.Name()); tid == os.Getpid() && tid != unix.Gettid() {
			continue
		}
		blocked := mask("/proc/self/task/"+task.Name()+"/status", "SigBlk:")
		// The Go runtime blocks SIGTTOU too, but with many others: in a thread that it just makes, and in os/signal's.
		if blocked&bit(syscall.SIGTTOU) != 0 && blocked&bit(syscall.SIGTTIN) == 0 {
			return "blocked"
		}
	}
	return "default"
}

func mask(file, field string) uint64 {
	status, _ := os.ReadFile(file)
	for line := range strings.Lines(string(status)) {
		if set, ok := strings.CutPrefix(line, field); ok {
			var bits uint64
			fmt.Sscanf(set, "%x", &bits)
			return bits
		}
	}
	return 0
}

func bit(s syscall.Signal) uint64 { return 1 << (s - 1) }

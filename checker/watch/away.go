package watch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"forklings/checker/lesson"
	"forklings/checker/render"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/sys/unix"
)

// hearSignals does what a signal asks for. A Ctrl-C is a key on our own screen; while another program has the terminal, it is for that
// one only. over is done with any signal, also with one that came before these were heard.
func (x *session) hearSignals(over context.Context) {
	heard := make(chan os.Signal, 8)
	signal.Notify(heard, unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGCONT) // not SIGTSTP, which Go would never let stop us again
	defer signal.Stop(heard)
	before := over.Done()
	for {
		select {
		case <-x.ctx.Done():
			return
		case <-before:
			if before = nil; !x.lent.Load() {
				x.cancel()
				return
			}
		case s := <-heard:
			switch {
			case s == unix.SIGINT && x.lent.Load():
				before = nil // which this one is
			case s == unix.SIGINT || s == unix.SIGTERM || s == unix.SIGHUP:
				x.cancel()
				return
			case s == unix.SIGCONT: // what was played meanwhile has lost its time
				x.engine.Resume(x.ctx)
				if !x.lent.Load() { // and the terminal is not as we left it
					x.send(leave{func() {}})
				}
			}
		}
	}
}

// suspend stops the whole job, as a terminal does for Ctrl-Z, and returns when it goes on. Nothing is played meanwhile.
func (x *session) suspend() {
	x.lent.Store(true)
	defer x.lent.Store(false)
	x.engine.Pause(x.ctx)
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, unix.SIGCONT)
	defer signal.Stop(goesOn)
	unix.Kill(0, unix.SIGTSTP)
	select {
	case <-goesOn:
	case <-time.After(300 * time.Millisecond): // nobody could continue us, so that the kernel has not stopped us (setpgid(2))
	}
	x.engine.Resume(x.ctx)
}

// lend gives the terminal to a command, and takes it back at its end. One that could be typed is shown as it would be, and waits for
// Enter afterwards.
func (x *session) lend(cmd *exec.Cmd, typed string) {
	ask := typed != ""
	x.lent.Store(true)
	defer x.lent.Store(false)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = x.In, x.Out, x.Out
	if ask {
		fmt.Fprintf(x.out, "$ %s\n", printable(typed))
	}
	home := 0
	if ask {
		home = x.alone(cmd)
	}
	err := x.until(cmd)
	if home != 0 {
		signal.Ignore(unix.SIGTTOU) // which would stop us, as we are in the background
		unix.IoctlSetPointerInt(int(x.In.Fd()), unix.TIOCSPGRP, home)
		signal.Reset(unix.SIGTTOU)
	}
	x.giveBack()
	var exit *exec.ExitError
	if err != nil && !(ask && errors.As(err, &exit)) {
		x.model = x.model.Note(fmt.Sprintf("%s: %v", cmd.Args[0], err))
	}
	if ask {
		unix.IoctlSetInt(int(x.In.Fd()), unix.TCFLSH, unix.TCIFLUSH) // what was typed for the command
		fmt.Fprintf(x.out, "\n%s", x.Lang.Text("Enter goes back."))
		x.waitForEnter()
	}
}

// alone lets a command run in a process group of its own in the foreground, as a shell does, so that a Ctrl-C is for nobody else: not
// for make, under which we may run. It gives our own group, which is to have the terminal again; 0: nothing was changed, as the
// terminal does not control us. Ctrl-Z does nothing meanwhile, as nobody would continue the command.
func (x *session) alone(cmd *exec.Cmd) (home int) {
	in := int(x.In.Fd())
	group, err := unix.IoctlGetInt(in, unix.TIOCGPGRP)
	if err != nil || group != unix.Getpgrp() {
		return 0
	}
	modes := *x.modes
	modes.Cc[unix.VSUSP] = 0 // _POSIX_VDISABLE
	unix.IoctlSetTermios(in, unix.TCSETS, &modes)
	cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: in}
	return group
}

// until runs a command to its end, or to ours.
func (x *session) until(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-x.ctx.Done():
		cmd.Process.Signal(unix.SIGTERM)
		select {
		case <-ended:
		case <-time.After(2 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
		return x.ctx.Err()
	}
}

func (x *session) waitForEnter() {
	in := []unix.PollFd{{Fd: int32(x.In.Fd()), Events: unix.POLLIN}}
	for x.ctx.Err() == nil {
		in[0].Revents = 0
		if n, err := unix.Poll(in, 200); n <= 0 || err != nil {
			continue
		}
		bufio.NewReader(x.In).ReadString('\n')
		return
	}
}

// edit opens the learner's file in their editor.
func (x *session) edit(e Entry) tea.Cmd {
	file := e.Dir + "/" + e.File
	args, terminal, err := editing(x.Lang, x.Env, file, question(file, e.Verdict))
	if err != nil {
		x.model = x.model.Note(x.Lang.Error(err) + x.Lang.Sprintf("; the file is %s", x.model.where()))
		return nil
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = x.Kit.Root
	if terminal {
		return x.leave(func() { x.lend(cmd, "") })
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // it has a window, and outlives us
	if err := cmd.Start(); err != nil {
		x.model = x.model.Note(x.Lang.Error(err))
		return nil
	}
	x.model = x.model.Note(x.Lang.Sprintf("%s opens %s.", args[0], x.model.where()))
	go cmd.Wait()
	return nil
}

// diff compares with the solution.
func (x *session) diff(e Entry) Model {
	text, err := x.Course.Diff(read(x.Kit, e.Exercise))
	switch {
	case err != nil:
		return x.model.Note(x.Lang.Error(err))
	case text == "":
		return x.model.Note(x.Lang.Text("Your file is the solution."))
	}
	text = printable(text)
	if x.Color {
		text = lesson.Paint(text)
	}
	return x.model.Open(x.Lang.Sprintf("%s and its solution", e.Name), func(m Model) []string { return lines(text, m.width) })
}

// trace plays the scenarios under the tracer in the background, and opens a page with what their processes did.
func (x *session) trace(e Entry) {
	ctx, stop := context.WithCancel(x.ctx)
	x.stop = stop
	x.task++
	task := x.task
	x.model = x.model.Wait(x.Lang.Sprintf("What the processes of %s do", e.Name))
	x.pages.Go(func() {
		defer stop()
		v, err := x.Course.Trace(ctx, read(x.Kit, e.Exercise))
		v = cleaned(v)
		x.post(func(x *session) {
			if task != x.task || !x.model.Waiting() {
				return
			}
			x.model = x.model.Open(x.model.page.title, func(m Model) []string {
				if err != nil {
					return sentences(printable(m.Lang.Error(err)), m.width)
				}
				if v.Message != "" {
					return sentences(v.Message, m.width)
				}
				var b strings.Builder
				render.Timelines(&b, v, m.style())
				return lines(b.String(), m.width)
			})
		})
	})
}

// reset puts the stub back, as the command of that name does.
func (x *session) reset(e Entry) {
	cmd := x.Course.Command("reset", "-yes", e.Name)
	x.pages.Go(func() {
		out, err := cmd.CombinedOutput()
		line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		if err != nil && line == "" {
			line = x.Lang.Error(err)
		}
		x.engine.source.announceAll()
		x.post(func(x *session) { x.model = x.model.Note(line) })
	})
}

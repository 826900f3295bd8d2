package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/sys/unix"
)

// Summary is how the course stands when watch ends.
type Summary struct {
	Passed, All int
	Open        int  // whose verdict was not known yet
	Ended       bool // by a signal or with the terminal, not by the learner
	Stuck       bool // the terminal takes nothing
}

// Run shows the course until the learner quits, or the terminal is gone, or a signal ends it, with which ctx is done; a Ctrl-C for
// a program that has the terminal meanwhile does not. It gives the terminal back as it was, and leaves nothing running.
func Run(over context.Context, c Config) (Summary, error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(over))
	defer cancel()
	x := &session{Config: c, ctx: ctx, cancel: cancel, engine: newEngine(c)}
	x.model = Model{Lang: c.Lang, Color: c.Color, Unicode: c.Unicode}
	if c.Notice != "" {
		x.model = x.model.Note(c.Notice)
	}
	modes, err := unix.IoctlGetTermios(int(c.In.Fd()), unix.TCGETS)
	if err != nil {
		return Summary{}, err
	}
	x.modes = modes
	x.out = output{reopened(c.Out), ctx, &x.stuck, cancel, x.drawn}
	if x.out.File != c.Out {
		defer x.out.Close()
	}
	defer context.AfterFunc(ctx, func() { x.out.SetWriteDeadline(time.Now().Add(last)) })() // of the write that waits
	var work sync.WaitGroup
	work.Go(func() { x.engine.loop(ctx) })
	work.Go(func() { x.hearSignals(over) })
	defer func() {
		x.giveBack()
		cancel()
		work.Wait()
		x.pages.Wait()
	}()
	for {
		err := x.draw()
		x.giveBack()
		if ctx.Err() != nil || err != nil || x.away == nil {
			s := x.engine.Snapshot()
			if s.Broken != "" && err == nil {
				err = errors.New(s.Broken)
			}
			m := x.model.Show(s)
			return Summary{m.countPassed(), len(s.Entries), m.countOpen(), ctx.Err() != nil, ctx.Err() != nil && !x.out.takes()}, err
		}
		x.away()
	}
}

// session is one run of watch. Its model and all that is not said to be shared belong to whoever holds the screen: bubbletea's event
// loop, or the function that has the terminal meanwhile.
type session struct {
	Config
	ctx    context.Context
	cancel context.CancelFunc
	engine *engine
	model  Model
	modes  *unix.Termios // of the terminal before anything was changed
	out    output        // the terminal, for what the screen is drawn with
	left   bool          // the screen is about to be left
	away   func()        // for what; nil: for good
	task   int           // the number of the last page asked for
	stop   context.CancelFunc
	pages  sync.WaitGroup

	busy  atomic.Bool // shared: the screen shows time that passes
	lent  atomic.Bool // shared: another program has the terminal
	sized atomic.Bool // shared: nothing was drawn in the terminal's new size yet
	stuck atomic.Bool // shared: the terminal takes nothing
	types atomic.Bool // shared: a letter that is typed is part of a search
	quits atomic.Bool // shared: a key that may quit was typed, and nobody knows whether the terminal takes anything

	mutex   sync.Mutex
	program *tea.Program     // shared
	posted  []func(*session) // shared: for the event loop
}

// giveBack sets the terminal's modes as they were.
func (x *session) giveBack() { unix.IoctlSetTermios(int(x.In.Fd()), unix.TCSETS, x.modes) }

// wake is for the event loop: there is something new to show.
type wake struct{}

// leave is for the event loop: give the screen up, and do this.
type leave struct{ to func() }

// terminal is the input. At its end, which is that of the terminal, the session ends.
type terminal struct {
	*os.File
	gone func()
}

func (t terminal) Read(b []byte) (int, error) {
	n, err := t.File.Read(b)
	if err != nil || n == 0 {
		t.gone()
	}
	return n, err
}

// output ends the session when nothing can be written any more.
type output struct {
	*os.File
	over        context.Context
	stuck       *atomic.Bool
	gone, drawn func()
}

// last is how long the terminal has to take what is written at the end.
const last = 2 * time.Second

func (o output) Write(b []byte) (int, error) {
	if o.over.Err() != nil && !o.stuck.Load() {
		o.SetWriteDeadline(time.Now().Add(last))
	}
	n, err := o.File.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		o.stuck.Store(true)
	}
	if err != nil {
		o.gone()
	}
	o.drawn()
	return n, err
}

// takes reports whether the terminal takes anything, now or soon.
func (o output) takes() bool {
	return !o.stuck.Load() && o.takesWithin(last)
}

func (o output) takesWithin(d time.Duration) bool {
	c, err := o.SyscallConn() // after Fd a write could not be given up any more
	if err != nil {
		return true
	}
	n := 0
	if controlled := c.Control(func(fd uintptr) {
		n, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, int(d.Milliseconds()))
	}); controlled != nil {
		return true
	}
	return n > 0 || err != nil
}

// reopened is the same terminal once more, for writes that can be given up: who waits for a terminal that takes nothing could not be
// ended. Where it cannot be opened, as below su(1), a write waits.
func reopened(terminal *os.File) *os.File {
	out, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", terminal.Fd()), os.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return terminal
	}
	return out
}

// anew is for the event loop: draw the screen anew.
type anew struct{}

// drawn hears of everything that was drawn. Behind the first drawing in a new size the screen is drawn once more: bubbletea takes what
// is on the right of the old edge for empty, and would draw there one column off when a wide character stands on that edge.
func (x *session) drawn() {
	if x.sized.CompareAndSwap(true, false) {
		go x.send(anew{}) // the event loop may be what has drawn
	}
}

// draw has the screen until it is left.
func (x *session) draw() error {
	x.left, x.away = false, nil
	p := tea.NewProgram(x, tea.WithInput(nil), tea.WithOutput(x.out), tea.WithoutSignalHandler(), tea.WithFPS(30))
	x.mutex.Lock()
	x.program = p
	x.mutex.Unlock()
	over := make(chan struct{})
	var forward sync.WaitGroup
	forward.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-x.ctx.Done():
				p.Quit()
				return
			case <-x.engine.changed:
				p.Send(wake{})
			case <-tick.C:
				if x.busy.Load() {
					p.Send(wake{})
				}
			}
		}
	})
	stop, err := x.readKeys(p)
	if err == nil {
		_, err = p.Run()
		p.Kill() // nobody waits for it any more, however it has ended
		stop()
	}
	close(over)
	forward.Wait()
	x.mutex.Lock()
	x.program = nil
	x.mutex.Unlock()
	if x.ctx.Err() != nil {
		return nil
	}
	return err
}

// typed hears of a key. One that may quit ends the session some time later when the terminal has taken nothing since: nobody can see
// what it does.
func (x *session) typed(key string) {
	if key != "ctrl+c" && (key != "q" || x.types.Load()) || !x.quits.CompareAndSwap(false, true) {
		return
	}
	x.pages.Go(func() {
		defer x.quits.Store(false)
		if !x.out.takesWithin(last) {
			x.stuck.Store(true)
			x.cancel()
		}
	})
}

// send gives the event loop a message, if there is one at this moment.
func (x *session) send(msg tea.Msg) {
	x.mutex.Lock()
	p := x.program
	x.mutex.Unlock()
	if p != nil {
		p.Send(msg)
	}
}

// post runs f where the model is.
func (x *session) post(f func(*session)) {
	x.mutex.Lock()
	x.posted = append(x.posted, f)
	x.mutex.Unlock()
	x.engine.announce()
}

// Init is the first thing on every screen.
func (x *session) Init() tea.Cmd {
	x.refresh()
	return nil
}

// refresh takes what is new.
func (x *session) refresh() {
	x.mutex.Lock()
	posted := x.posted
	x.posted = nil
	x.mutex.Unlock()
	for _, f := range posted {
		f(x)
	}
	x.model = x.model.Show(x.engine.Snapshot())
	x.busy.Store(x.model.Busy())
}

// Update takes what has happened.
func (x *session) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if x.model.width > 0 && msg.Width > x.model.width {
			x.sized.Store(true)
		}
		x.model = x.model.Resize(msg.Width, msg.Height)
	case anew:
		return x, tea.ClearScreen
	case wake:
		x.refresh()
	case leave:
		return x, x.leave(msg.to)
	case tea.PasteMsg:
		for _, r := range msg.Content { // only a search takes it
			if x.model.mode == atList && x.model.list.typing {
				x.model, _ = x.model.Key(string(r))
			}
		}
	case tea.KeyPressMsg:
		if x.left {
			return x, nil // it was typed behind the key that the screen is left for
		}
		name := msg.String()
		if name == "ctrl+l" {
			return x, tea.ClearScreen
		}
		if text := msg.Key().Text; len(text) > 0 && text != " " {
			name = text // as it was typed, whatever the layout of the keyboard
		}
		var a Action
		x.model, a = x.model.Key(name)
		cmd := x.act(a)
		x.busy.Store(x.model.Busy())
		x.types.Store(x.model.mode == atList && x.model.list.typing)
		return x, cmd
	}
	return x, nil
}

// View is the screen.
func (x *session) View() tea.View {
	v := tea.NewView(strings.Join(x.model.Lines(time.Now()), "\n"))
	v.AltScreen = true
	return v
}

// leave gives the screen up, to do something or, with nil, for good. The first who asks for it has it.
func (x *session) leave(to func()) tea.Cmd {
	if !x.left {
		x.left, x.away = true, to
	}
	return tea.Quit
}

// act does what a key asks for.
func (x *session) act(a Action) tea.Cmd {
	e := x.model.now()
	switch a.Do {
	case Quit:
		return x.leave(nil)
	case Suspend:
		traces := x.model.Waiting()
		if traces { // it would go on, and lose its time, as the checker looks at nothing
			x.stop()
			x.task++
		}
		return x.leave(func() {
			x.pages.Wait()
			x.suspend()
			if traces {
				x.trace(x.model.now())
			}
		})
	case Choose:
		x.engine.Choose(x.ctx, a.Exercise)
	case Again:
		x.engine.Again(x.ctx)
	case Reveal:
		x.engine.Reveal(x.ctx)
	case Menu:
		roles, err := x.Course.Roles(e.Exercise)
		if err != nil {
			x.model = x.model.Note(x.Lang.Error(err))
		}
		x.model = x.model.OpenMenu(roles)
	case Play:
		args := append([]string{"run", "-step", e.Name}, a.Role...)
		cmd := x.Course.Command(args...)
		return x.leave(func() { x.lend(cmd, "go run ./cmd/checker "+strings.Join(args, " ")) })
	case Edit:
		return x.edit(e)
	case Task:
		x.model = x.model.Open(e.Title, Model.task)
	case Diff:
		x.model = x.diff(e)
	case Trace:
		x.trace(e)
	case Reset:
		x.reset(e)
	case Stop:
		if x.stop != nil {
			x.stop()
		}
		x.task++
	}
	return nil
}

package watch

import (
	"context"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"golang.org/x/sys/unix"
)

// readKeys hands what is typed to a program of bubbletea's, until it is told to stop. bubbletea's own reader, when something is typed
// just before its program ends, waits for ever to hand that on.
func (x *session) readKeys(p *tea.Program) (stop func(), err error) {
	in, err := uv.NewCancelReader(terminal{x.In, x.cancel})
	if err != nil {
		return nil, err
	}
	unix.IoctlSetTermios(int(x.In.Fd()), unix.TCSETS, raw(x.modes))
	ctx, cancel := context.WithCancel(context.Background())
	events := make(chan uv.Event)
	var all sync.WaitGroup
	all.Go(func() {
		defer close(events)
		uv.NewTerminalReader(in, os.Getenv("TERM")).StreamEvents(ctx, events)
	})
	all.Go(func() {
		for e := range events {
			if k, ok := e.(uv.KeyPressEvent); ok {
				x.typed(k.String())
			}
			p.Send(e) // at once when the program has ended
		}
	})
	return func() {
		cancel()
		in.Cancel()
		all.Wait()
		in.Close()
	}, nil
}

// raw are a terminal's modes in which every key is read as soon as it is typed, and means nothing by itself (cfmakeraw in termios(3)), while
// a line feed still begins a line.
func raw(modes *unix.Termios) *unix.Termios {
	m := *modes
	m.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	m.Oflag |= unix.OPOST | unix.ONLCR // bubbletea counts on it where it does not read the keys
	m.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	m.Cflag &^= unix.CSIZE | unix.PARENB
	m.Cflag |= unix.CS8
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	return &m
}

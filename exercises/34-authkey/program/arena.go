package program

import (
	"io"
	"net"
	"runtime"
	"slices"
	"sync"
	"time"

	"forklings/exercises/34-authkey"
)

// arena is a connection in memory, between a listener (0) and a dialer (1) that are goroutines of this process. A read returns
// all that there is, but not before the other side has nothing more to say: it reads, too, or has come to its end.
type arena struct {
	mutex   sync.Mutex
	changed *sync.Cond
	pending [2][]byte // for this side to read
	said    [2]int    // how much it has said
	reads   [2]bool
	ended   [2]bool
	limited bool // somebody has set a deadline

	piece   int // a read returns at most so much; 0: any
	patient bool
	change  func(side, from int, b []byte) (changed []byte, end bool) // what becomes of what that side says, from there on
}

func newArena() *arena {
	a := &arena{}
	a.changed = sync.NewCond(&a.mutex)
	return a
}

// end is one side's end of an arena. It is a net.Conn, so that whoever wants to set a deadline can.
type end struct {
	*arena
	side int
}

var _ net.Conn = end{}

func (e end) Close() error         { e.close(); return nil }
func (e end) LocalAddr() net.Addr  { return &net.UnixAddr{Net: "unix"} }
func (e end) RemoteAddr() net.Addr { return &net.UnixAddr{Net: "unix"} }

func (e end) SetReadDeadline(t time.Time) error  { return e.SetDeadline(t) }
func (e end) SetWriteDeadline(t time.Time) error { return e.SetDeadline(t) }

// SetDeadline notes that there is a time limit. None at all is none, and one that is over does not limit how long somebody takes.
func (e end) SetDeadline(t time.Time) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.limited = e.limited || time.Until(t) > 0
	return nil
}

func (e end) Read(b []byte) (int, error) {
	a, other := e.arena, 1-e.side
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.reads[e.side] = true
	defer func() { a.reads[e.side] = false }()
	a.changed.Broadcast()
	for looks := 0; ; {
		switch {
		case len(b) == 0:
			return 0, nil
		case len(a.pending[e.side]) > 0 && (a.reads[other] || a.ended[other]):
			n := copy(b, a.pending[e.side])
			if a.piece > 0 {
				n = min(n, a.piece)
			}
			a.pending[e.side] = a.pending[e.side][n:]
			return n, nil
		case a.ended[other]:
			return 0, io.EOF
		case !a.patient && a.reads[other] && len(a.pending[other]) == 0: // both wait, and nobody says anything
			if looks++; looks > 100 {
				a.ended = [2]bool{true, true}
				a.changed.Broadcast()
				return 0, io.EOF
			}
			a.mutex.Unlock()
			runtime.Gosched()
			a.mutex.Lock()
		default:
			a.changed.Wait()
		}
	}
}

func (e end) Write(b []byte) (int, error) {
	a, other := e.arena, 1-e.side
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.ended[other] {
		return len(b), nil // to somebody who does not listen any more
	}
	n, passed, closed := len(b), b, false
	if a.change != nil {
		passed, closed = a.change(e.side, a.said[e.side], slices.Clone(b))
	}
	a.said[e.side] += n
	a.pending[other] = append(a.pending[other], passed...)
	a.ended[e.side] = a.ended[e.side] || closed
	a.changed.Broadcast()
	return n, nil
}

func (e end) close() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.ended[e.side] = true
	e.changed.Broadcast()
}

// shakeAs is a handshake of the learner's, as the listener (0) or the dialer (1).
func shakeAs(side int, conn io.ReadWriter, key []byte) error {
	if side == 0 {
		return authkey.Accept(conn, key)
	}
	return authkey.Connect(conn, key)
}

// shake is a handshake in the arena. Behind it each side says a line when it is sure, and ends when it is not. It
// returns what each has read of the other's line.
func (a *arena) shake(listenersKey, dialersKey []byte) (errs [2]error, lines [2]string) {
	var both sync.WaitGroup
	for side, key := range [2][]byte{listenersKey, dialersKey} {
		both.Go(func() {
			e := end{a, side}
			errs[side] = shakeAs(side, e, key)
			if errs[side] == nil && a.change == nil {
				io.WriteString(e, line)
				b, _ := io.ReadAll(io.LimitReader(e, int64(len(line))))
				lines[side] = string(b)
			}
			e.close()
		})
	}
	both.Wait()
	return errs, lines
}

const line = "the first line behind the handshake\n"

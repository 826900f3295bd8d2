package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"forklings/checker/proc"
	"forklings/checker/syncpoint"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// atOnce bounds the events that one call of pump handles, so that a storm of them cannot keep it.
const atOnce = 1000

// mostFresh bounds how many may be connected and have said nothing yet.
const mostFresh = 500

// pump handles what has happened, waiting up to the given time for a first event, and counts the events.
func (s *stage) pump(wait time.Duration) (events int) {
	for events < atOnce {
		fds := []unix.PollFd{{Fd: int32(s.box.FD), Events: unix.POLLIN}, {Fd: int32(s.listener), Events: unix.POLLIN}}
		for _, fd := range s.fresh {
			fds = append(fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
		}
		var owner []*process
		for _, p := range s.cast {
			if !p.exited {
				fds = append(fds, unix.PollFd{Fd: int32(p.pidfd), Events: unix.POLLIN})
				owner = append(owner, p)
			}
		}
		ts := unix.NsecToTimespec(int64(wait))
		n, err := unix.Ppoll(fds, &ts, nil)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			return events
		}
		wait = 0
		if fds[0].Revents != 0 {
			if s.lost != nil {
				return events
			}
			s.report()
			events++
		}
		fresh := s.fresh
		s.fresh = nil
		for i, fd := range fresh {
			if fds[2+i].Revents == 0 {
				s.fresh = append(s.fresh, fd)
				continue
			}
			s.message(fd)
			events++
		}
		if fds[1].Revents != 0 {
			if fd, _, err := unix.Accept4(s.listener, unix.SOCK_CLOEXEC); err == nil {
				if len(s.fresh) < mostFresh {
					s.fresh = append(s.fresh, fd)
				} else {
					unix.Close(fd)
				}
				events++
			}
		}
		for i, p := range owner {
			if fds[2+len(fresh)+i].Revents != 0 && !p.exited {
				p.end()
				events++
			}
		}
	}
	return events
}

// report handles one message of the supervisor.
func (s *stage) report() {
	r, fd, err := s.box.Receive()
	if err != nil {
		s.lost = err
		return
	}
	switch r.Kind {
	case "started", "protected", "gated", "holds", "error", "cannot":
		s.reply, s.replyFD = &r, fd
	case "ended":
		if p := s.byPID[r.PID]; p != nil && !p.reaped {
			p.end()
			p.reaped, p.status = true, unix.WaitStatus(r.Status)
			s.tellEnd(p)
		}
	case "timer":
		s.timers[r.PID] = timer{
			interval: time.Duration(r.Interval),
			// A little more: it is noted before the call is made.
			until: time.Now().Add(time.Duration(r.Value) + 10*time.Millisecond),
		}
		if r.Value == 0 {
			delete(s.timers, r.PID)
		}
	case "trace":
		s.record(*r.Record)
	case "at":
		if p := s.byPID[r.PID]; p != nil && !p.over() {
			s.comes(p, r.Point, "next", true)
			p.holds = append(p.holds, hold{point: r.Point, tid: r.TID})
		}
	case "storm":
		s.stormed = true
	case "socket":
		s.sockets[socket{r.Socket, r.Sends}] = time.Duration(r.Value)
	}
}

// buffers are for messages.
var buffers = sync.Pool{New: func() any { return new([syncpoint.MaxMessage]byte) }}

// message reads what a process has to say, and holds it where the script wants that.
func (s *stage) message(conn int) {
	buf := buffers.Get().(*[syncpoint.MaxMessage]byte)
	defer buffers.Put(buf)
	n, err := unix.Read(conn, buf[:])
	m, ok := syncpoint.Decode(buf[:max(n, 0)])
	if err != nil || !ok {
		unix.Close(conn) // ended before it spoke
		return
	}
	p := s.who(conn, string(m.Role))
	if p == nil {
		unix.Close(conn)
		return
	}
	switch m.Kind {
	case syncpoint.Answer:
		p.says[m.Key] = m.Value
		s.note(p, trace.Answer, m.Key, m.Value)
		s.tell(p, Event{Kind: "answer", Text: s.Lang.Sprintf("%s answers %s: %s", p.name, m.Key, s.quoted(m.Value))})
		let(conn)
		return
	case syncpoint.Call, syncpoint.Return:
		s.moment++
		s.operation(p, m)
		let(conn)
		return
	}
	kind, _, _ := strings.Cut(p.name, ".")
	held := s.holdAll || s.points[p.name+" "+m.Key] || s.points[kind+" "+m.Key]
	s.comes(p, m.Key, "", held)
	if held || s.turns.hold() {
		fd, _ := strconv.Atoi(m.Value)
		p.holds = append(p.holds, hold{point: m.Key, conn: conn, fd: fd})
		return
	}
	let(conn)
}

// comes notes that a process is at a point, or before its next system call of a kind.
func (s *stage) comes(p *process, point, call string, held bool) {
	s.moment++
	p.announce(point, s.moment)
	if s.traced != nil {
		r := trace.Record{At: trace.Now(), PID: p.pid, Op: trace.Point, Path: point, Call: call}
		if held {
			r.Phase = trace.Parked
		}
		s.record(r)
	}
	for _, q := range s.cast {
		if q != p && !q.over() { // p is alive too: it waits for our answer
			p.beside, q.beside = append(p.beside, q), append(q.beside, p)
		}
	}
	s.tell(p, Event{Kind: "point", Text: s.Lang.Sprintf("%s comes to %s", p.name, point)})
}

// who finds the process at the other end by its PID, as the kernel tells it (SO_PEERCRED, unix(7)), and names
// it by its role when it is new.
func (s *stage) who(conn int, role string) *process {
	cred, err := unix.GetsockoptUcred(conn, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return nil
	}
	pidfd, err := unix.PidfdOpen(int(cred.Pid), 0)
	if err != nil {
		return nil
	}
	inner := proc.InnerPID(int(cred.Pid), s.box.Depth())
	// The other end is still open, so its process lives, and the number was still its own just now.
	fds := []unix.PollFd{{Fd: int32(conn), Events: unix.POLLRDHUP}}
	if n, _ := unix.Poll(fds, 0); n > 0 || inner == 0 {
		unix.Close(pidfd)
		return nil
	}
	if p := s.byPID[inner]; p != nil && p.state() == alive {
		unix.Close(pidfd)
		return p
	}
	name := role
	for i := 2; s.byName[name] != nil; i++ {
		name = fmt.Sprintf("%s.%d", role, i)
	}
	p := &process{name: name, pid: inner, pidfd: pidfd, below: s.above(inner)}
	s.add(p)
	return p
}

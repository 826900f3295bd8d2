package scenario

import (
	"errors"
	"strings"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/script"
	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// clockTick is the unit of the start times in /proc/PID/stat.
const clockTick = int64(10 * time.Millisecond)

// reuse lets the next start have the PID of a process that is gone. It waits a little until everything is at
// rest: a process or thread that came into being between would take the number. And it waits for the next tick, so that
// a start time tells the two processes apart, as it would when a number comes round by itself.
func (s *stage) reuse(name string) error {
	p := s.byName[name]
	if p == nil || p.state() != gone {
		return lang.Errorf("its PID is not free: %s", s.describe(name))
	}
	for began := time.Now(); time.Since(began) < 2*stillFor; s.pump(longestStep) {
		if _, still := s.proc.Still(s.excuses()); still {
			break
		}
	}
	var now unix.Timespec
	for from := int64(0); from == 0 || now.Nano()/clockTick == from; s.pump(firstPause) {
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); from == 0 {
			from = now.Nano() / clockTick
		}
	}
	s.number = p.pid
	return nil
}

// protect makes every signal to the process fail with EPERM.
func (s *stage) protect(name string) error {
	p := s.byName[name]
	if p == nil {
		return lang.Errorf("nobody to protect: %s", s.describe(name))
	}
	return s.ask(supervisor.Request{Op: "protect", PID: p.pid})
}

// errLate ends a play that was too slow for its times.
var errLate = lang.Errorf("too slow for the times of the scenario")

// within ends the play when it comes too late: what it would show from here on is no proof.
func (s *stage) within(arg, name string) error {
	t, err := script.Time(arg)
	if err != nil {
		return err
	}
	p := s.byName[name]
	if p == nil || p.released.IsZero() {
		return lang.Errorf("never released: %s", s.describe(name))
	}
	if time.Since(p.released) > t*s.stretch {
		s.late = true
		return errLate
	}
	return nil
}

// ask sends the supervisor a request, and waits for its reply. Only the supervisor is listened to here: a first
// announcement waits until its process has a name.
func (s *stage) ask(r supervisor.Request, files ...int) error {
	s.reply = nil
	if err := s.box.Send(r, files...); err != nil {
		return err
	}
	for s.reply == nil && s.lost == nil {
		s.report()
	}
	switch {
	case s.lost != nil:
		return s.lost
	case s.reply.Kind == "cannot":
		return s.skip(s.Lang.Recognize(s.reply.Error, supervisor.Refusals...))
	case s.reply.Kind == "error":
		return errors.New(s.reply.Error)
	}
	return nil
}

// skip ends the scenario without a verdict: the machine does not allow it, and that is nobody's mistake.
func (s *stage) skip(reason string) error {
	s.verdict = &result.Scenario{Status: result.Skip, Because: reason}
	return errors.New(reason)
}

// arguments puts PIDs for the arguments of the form pid:NAME, and this play's times for those of the form time:300ms.
func (s *stage) arguments(args []string) (out []string) {
	for _, a := range args {
		if strings.HasPrefix(a, "pid:") {
			a = s.value([]string{a})
		} else if t, err := script.Time(a); err == nil {
			a = (t * s.stretch).String()
		}
		out = append(out, a)
	}
	return out
}

package sandbox

import (
	"errors"
	"os"
	"sync"

	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// Probe is what doing it once has shown about this machine.
type Probe struct {
	Best      Options
	Refused   error // why there are no namespaces; nil when there are
	Confined  string
	Timers    bool
	Subreaper error // why not even a subreaper works; nil when it does
}

// Try probes the machine by starting and ending a whole sandbox of each tier, the better one first. What
// works in parts and fails in the end (a network namespace whose loopback cannot be raised, a /proc that
// may not be mounted) counts as refused.
var Try = sync.OnceValue(func() Probe {
	var p Probe
	for _, tier := range []Tier{Namespaces, Subreaper} {
		s, err := Start(Options{Tier: tier})
		if err == nil {
			err = s.End()
		}
		if err == nil {
			p.Best, p.Confined, p.Timers = s.Options, s.Confined, s.Timers
			return p
		}
		if tier == Namespaces {
			p.Refused = err
		} else {
			p.Subreaper = err
		}
	}
	return p
})

// Best is the better tier of the two that works here.
func Best() (Options, error) {
	p := Try()
	return p.Best, p.Subreaper
}

// Traces reports why programs cannot be traced here; nil when they can. It is tried out.
func Traces() error {
	o, err := Best()
	if err != nil {
		return err
	}
	o.Trace = os.DevNull
	s, err := Start(o)
	if err != nil {
		return err
	}
	defer s.End()
	// There is no such program, but whether it can be traced shows before.
	if err := s.Send(supervisor.Request{Op: "start", Path: os.DevNull, Args: []string{"nothing"}, Dir: "/", Out: os.DevNull, Err: os.DevNull}); err != nil {
		return err
	}
	for {
		r, pidfd, err := s.Receive()
		if pidfd >= 0 {
			unix.Close(pidfd)
		}
		switch {
		case err != nil:
			return err
		case r.Kind == "started":
			return nil
		case r.Kind == "cannot", r.Kind == "error":
			return errors.New(r.Error)
		}
	}
}

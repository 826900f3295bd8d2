package sandbox

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// Probe is what doing it once has shown about this machine.
type Probe struct {
	Best      Options
	Refused   error // why there are no namespaces; nil when there are
	Cgroup    error // why there are no control groups; nil when there are, or no namespaces
	Confined  string
	Level     string // of Levels
	Timers    bool
	Subreaper error // why not even a subreaper works; nil when it does
}

// Try probes the machine by starting and ending a whole sandbox of each tier, the better one first. What
// works in parts and fails in the end (a network namespace whose loopback cannot be raised, a /proc that
// may not be mounted) counts as refused.
var Try = sync.OnceValue(func() Probe {
	var p Probe
	for _, tier := range []Tier{Namespaces, Subreaper} {
		s, err := try(Options{Tier: tier})
		if err == nil {
			p.Best, p.Confined, p.Level, p.Timers, p.Cgroup = s.Options, s.Confined, s.Level(), s.Timers, s.Cgroup
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

// tried are sandboxes that were tried out already, by the options that decide.
var tried sync.Map

// Level tries out how well scenarios are walled in with these options: one of Levels.
func Level(o Options) (level string, err error) {
	s, err := like(o)
	if err != nil {
		return "", err
	}
	return s.Level(), nil
}

// Apart tries out whether programs find a folder of their own at any path: then several scenarios may use the same path at once.
func Apart(o Options) bool {
	s, err := like(o)
	return err == nil && s.Sized
}

// like is a sandbox with these options; it has ended.
func like(o Options) (*Sandbox, error) {
	o = Options{Tier: o.Tier, NoLandlock: o.NoLandlock, NoScope: o.NoScope, NoCgroups: o.NoCgroups}
	if known, ok := tried.Load(key(o)); ok {
		return known.(*Sandbox), nil
	}
	return try(o)
}

func key(o Options) string { return fmt.Sprint(o.Tier, o.NoLandlock, o.NoScope, o.NoCgroups) }

// try starts a whole sandbox, with walls around a folder of its own, and ends it. Without a temporary folder there are no walls to
// try; that nothing can be graded then is said by who grades.
func try(o Options) (*Sandbox, error) {
	walled := o
	dir, err := os.MkdirTemp("", "forklings-walls-")
	if err == nil {
		defer os.Remove(dir)
		walled.Own, walled.Work = dir, dir
	}
	s, start := Start(walled)
	if start != nil {
		return nil, start
	}
	if err := s.End(); err != nil {
		return nil, err
	}
	if err == nil {
		tried.Store(key(o), s)
	}
	s.Options = o
	return s, nil
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

package program

import (
	"runtime"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/14-isolation"
)

// changeState changes the state as soon as Start has returned, and starts another child then.
//
// The gate forces the order in which a state that is copied beside Start, in a goroutine that Start does not wait for,
// would come to be copied after the change: that goroutine waits until the scenario opens the gate.
func changeState(me syncpoint.Role) {
	gate = make(chan bool)
	go func() {
		me.Reach("gate")
		close(gate)
	}()
	s := written(100)
	first, err := isolation.Start("count", s)
	must(err)
	s.rewrite(200)
	me.Reach("changed")
	second, err := isolation.Start("count", s)
	must(err)
	s.rewrite(300)
	for _, c := range []*isolation.Child{first, second} {
		_, err := c.Receive()
		must(err)
	}
}

var gate chan bool

// Stamp is a string that passes the gate when it is copied.
type Stamp string

func (s Stamp) MarshalText() ([]byte, error)   { pass(); return []byte(s), nil }
func (s Stamp) MarshalBinary() ([]byte, error) { pass(); return []byte(s), nil }

func (s *Stamp) UnmarshalText(b []byte) error   { *s = Stamp(b); return nil }
func (s *Stamp) UnmarshalBinary(b []byte) error { *s = Stamp(b); return nil }

// pass keeps nobody who was called by changeState, and so by Start.
func pass() {
	if gate == nil {
		return
	}
	pc := make([]uintptr, 200)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); strings.HasSuffix(f.Function, ".changeState") {
			return
		}
	}
	<-gate
}

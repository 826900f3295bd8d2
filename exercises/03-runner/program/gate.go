package program

import (
	"runtime"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/03-runner"
)

// changeFields changes a letter between New and Start, and again as soon as Start has returned. Another letter is started
// at the point other, also while Start has not returned.
//
// The gate forces the order in which a letter that is encoded beside Start, in a goroutine that Start does not wait for,
// would come to be encoded after the change: that goroutine waits until the scenario opens the gate.
func changeFields(me syncpoint.Role) {
	gate = make(chan bool)
	go func() {
		me.Reach("gate")
		close(gate)
		me.Reach("other")
		must(runner.New(written("the other letter")).Start())
	}()
	l := written("at creation")
	p := create(me, l)
	l.rewrite("at start")
	must(p.Start())
	l.rewrite("afterwards")
	me.Reach("started")
	must(p.Join())
}

var gate chan bool

// Stamp is a string that passes the gate when it is encoded.
type Stamp string

func (s Stamp) MarshalText() ([]byte, error)   { pass(); return []byte(s), nil }
func (s Stamp) MarshalBinary() ([]byte, error) { pass(); return []byte(s), nil }

func (s *Stamp) UnmarshalText(b []byte) error   { *s = Stamp(b); return nil }
func (s *Stamp) UnmarshalBinary(b []byte) error { *s = Stamp(b); return nil }

// pass keeps nobody who was called by changeFields, and so by Start.
func pass() {
	if gate == nil {
		return
	}
	pc := make([]uintptr, 200)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); strings.HasSuffix(f.Function, ".changeFields") {
			return
		}
	}
	<-gate
}

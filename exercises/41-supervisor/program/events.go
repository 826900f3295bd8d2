package program

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"forklings/checker/syncpoint"
	"forklings/exercises/41-supervisor"
)

// events tells the scenario what was reported: the PID of the last start, and all ends, in their order.
type events struct {
	me    syncpoint.Role
	begun func() // called after each start, by the goroutine that reports it

	mutex sync.Mutex
	runs  map[int]string // PID to service: what has begun and has not ended
	ends  []string
}

func (e *events) add(event supervisor.Event) {
	e.note(event)
	if event.Kind == supervisor.Started && e.begun != nil {
		e.begun()
	}
}

func (e *events) note(event supervisor.Event) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	name := strings.Join(append([]string{event.Service.Name}, event.Service.Args...), "-")
	switch {
	case event.Kind == supervisor.Started:
		e.runs[event.PID] = name
		e.me.Say("pid", event.PID)
	case event.Kind == supervisor.Ended && e.runs[event.PID] != name:
		e.end(fmt.Sprintf("%s:%d:unknown-pid", name, event.Code))
	case event.Kind == supervisor.Ended:
		delete(e.runs, event.PID)
		e.end(fmt.Sprintf("%s:%d", name, event.Code))
	case event.Kind == supervisor.Failed && event.Err == nil:
		e.end("impossible:no-error")
	case event.Kind == supervisor.Failed:
		fmt.Fprintf(os.Stderr, "%s: %v\n", event.Service.Name, event.Err)
		e.end(event.Service.Name + ":failed")
	default:
		e.end(fmt.Sprintf("%s:kind-%d", name, event.Kind))
	}
}

func (e *events) end(text string) {
	e.ends = append(e.ends, text)
	e.me.Say("ends", strings.Join(e.ends, " "))
}

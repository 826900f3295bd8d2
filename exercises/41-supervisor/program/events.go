package program

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"forklings/checker/syncpoint"
	"forklings/exercises/41-supervisor"
)

// events tells the scenario what was reported: the PID of the last start, all ends in their order, and how many they
// are; killed, once a service has died of SIGKILL; late, once one was started after somebody looked.
type events struct {
	me    syncpoint.Role
	begun func() // called after each start, by the goroutine that reports it

	mutex sync.Mutex
	runs  map[int]string // PID to service: what has begun and has not ended
	ends  []string
}

// seen is who was there when somebody looked.
var seen atomic.Pointer[map[string]bool]

// look notes all PIDs: who has none of them was started later.
func look() {
	list, err := os.ReadDir("/proc")
	must(err)
	pids := map[string]bool{}
	for _, entry := range list {
		pids[entry.Name()] = true
	}
	seen.Store(&pids)
}

func (e *events) add(event supervisor.Event) {
	switch event.Kind { // a report that takes its time
	case supervisor.Started:
		e.me.Reach("started-" + event.Service.Name)
	case supervisor.Ended:
		if event.Code == -int(syscall.SIGKILL) {
			e.me.Say("killed", "yes")
		}
		e.me.Reach("ended-" + event.Service.Name)
	}
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
		if pids := seen.Load(); pids != nil && !(*pids)[strconv.Itoa(event.PID)] {
			e.me.Say("late", "yes")
		}
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
	e.me.Say("count", len(e.ends))
}

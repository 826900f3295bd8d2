package progress

import (
	"encoding/json"
	"os"
	"strings"

	"forklings/checker/history"
	"forklings/checker/result"
)

// entry is a verdict in the state.
type entry struct {
	Key      string        `json:"key"`
	Where    where         `json:"where,omitempty"`
	Exercise savedExercise `json:"exercise"`
}

// The JSON form of a result is a contract with others and leaves out what only the renderers need. Here nothing is left out.

type savedExercise struct {
	result.Exercise
	Scenarios []savedScenario `json:"scenarios"`
}

type savedScenario struct {
	result.Scenario
	Timeline  []savedEvent      `json:"timeline,omitempty"`
	Histories []history.History `json:"histories,omitempty"`
	Orders    int               `json:"orders,omitempty"`
	Cut       bool              `json:"cut,omitempty"`
	Strays    int               `json:"strays,omitempty"`
	Order     string            `json:"order,omitempty"`
	Untraced  string            `json:"untraced,omitempty"`
	Effort    result.Effort     `json:"effort,omitzero"`
	Processes int               `json:"processes,omitempty"`
}

type savedEvent struct {
	result.Event
	Kind   result.Kind `json:"kind,omitempty"`
	Other  string      `json:"other,omitempty"`
	Object string      `json:"object,omitempty"`

	Decides bool `json:"decides,omitempty"`
	Killed  bool `json:"killed,omitempty"`
}

func saved(e result.Exercise) savedExercise {
	s := savedExercise{Exercise: e}
	for _, v := range e.Scenarios {
		s.Scenarios = append(s.Scenarios, savedOf(v))
	}
	s.Exercise.Scenarios = nil
	return s
}

// value is the other way; Fault is never saved, as no fault is.
func (s savedExercise) value() result.Exercise {
	e := s.Exercise
	e.Scenarios = nil
	for _, v := range s.Scenarios {
		e.Scenarios = append(e.Scenarios, v.value())
	}
	return e
}

// Marshal writes a verdict with all that the renderers need.
func Marshal(e result.Exercise) ([]byte, error) { return json.Marshal(saved(e)) }

// Unmarshal reads what Marshal has written.
func Unmarshal(data []byte) (result.Exercise, error) {
	var s savedExercise
	err := json.Unmarshal(data, &s)
	return s.value(), err
}

func savedOf(v result.Scenario) savedScenario {
	s := savedScenario{Scenario: v, Histories: v.Histories, Orders: v.Orders, Cut: v.Cut, Strays: v.Strays, Order: v.Order, Untraced: v.Untraced, Effort: v.Effort, Processes: v.Processes}
	for _, e := range v.Timeline {
		s.Timeline = append(s.Timeline, savedEvent{e, e.Kind, e.Other, e.Object, e.Decides, e.Killed})
	}
	s.Scenario.Timeline = nil
	return s
}

func (s savedScenario) value() result.Scenario {
	v := s.Scenario
	v.Histories, v.Orders, v.Cut, v.Strays, v.Order, v.Untraced, v.Effort, v.Processes = s.Histories, s.Orders, s.Cut, s.Strays, s.Order, s.Untraced, s.Effort, s.Processes
	v.Timeline = nil
	for _, e := range s.Timeline {
		e.Event.Kind, e.Event.Other, e.Event.Object, e.Event.Decides, e.Event.Killed = e.Kind, e.Other, e.Object, e.Decides, e.Killed
		v.Timeline = append(v.Timeline, e.Event)
	}
	return v
}

// where a verdict holds; empty: everywhere.
type where string

// bound says where this verdict holds. The compiler's message names files as seen from the current folder, and
// what a machine does not allow another boot or another container may allow.
func bound(dir string, e result.Exercise) where {
	if e.Message != "" {
		return folders(dir)
	}
	for _, s := range e.Scenarios {
		if s.Status == result.Skip && s.Because != "" {
			return machine()
		}
	}
	return ""
}

func (w where) here(dir string) bool { return w == "" || w == folders(dir) || w == machine() }

func folders(dir string) where {
	here, _ := os.Getwd()
	return where("folders " + here + " " + dir)
}

// machine is this boot of this machine, in this PID namespace (proc_sys_kernel(5), namespaces(7)).
func machine() where {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return where("machine " + strings.TrimSpace(string(boot)) + " " + namespace)
}

package arrange

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Clock is a clock for the learner's functions that the scenario moves: in between, its time stands still. Nobody has to
// wait for an hour to pass, and what happens at a time happens at a point that a scenario can hold.
type Clock struct {
	start time.Time

	mutex  sync.Mutex
	now    time.Time
	asked  bool
	alarms []alarm // that have not rung
}

type alarm struct {
	due   time.Time
	rings chan time.Time
}

// NewClock makes a clock. It begins at an odd time, a little before midnight and the end of a month.
func NewClock() *Clock {
	start := time.Date(2026, 2, 28, 23, 58, 7, 0, time.UTC)
	return &Clock{start: start, now: start}
}

// Now is the time that was set last.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// At gives a channel that is sent the time once, when due has come, or at once when it has. Whoever has stopped listening
// holds nobody up.
func (c *Clock) At(due time.Time) <-chan time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.asked = true
	a := alarm{due, make(chan time.Time, 1)}
	c.alarms = append(c.alarms, a)
	c.ring()
	return a.rings
}

// Set moves the time to so long after the start, and tells how many channels of At were sent it: "never asked" when there
// was no At so far.
func (c *Clock) Set(after time.Duration) (rang string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.start.Add(after)
	if !c.asked {
		return "never asked"
	}
	return strconv.Itoa(c.ring())
}

// ring sends those whose time has come, in the order of their times.
func (c *Clock) ring() (rang int) {
	slices.SortStableFunc(c.alarms, func(a, b alarm) int { return a.due.Compare(b.due) })
	for len(c.alarms) > 0 && !c.alarms[0].due.After(c.now) {
		c.alarms[0].rings <- c.now
		c.alarms = c.alarms[1:]
		rang++
	}
	return rang
}

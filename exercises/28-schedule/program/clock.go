package program

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// clock is the scenario's: its time stands still until it is moved.
type clock struct {
	start time.Time

	mutex  sync.Mutex
	now    time.Time
	asked  bool
	alarms []alarm
}

type alarm struct {
	due   time.Time
	rings chan time.Time
}

func (c *clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *clock) At(due time.Time) <-chan time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.asked = true
	a := alarm{due, make(chan time.Time, 1)} // whoever has stopped listening holds nobody up
	if due.After(c.now) {
		c.alarms = append(c.alarms, a)
	} else {
		a.rings <- c.now
	}
	return a.rings
}

// move moves the time to so long after the start, and tells how many alarms rang.
func (c *clock) move(after time.Duration) (rang string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.start.Add(after)
	if !c.asked {
		return "never asked"
	}
	waiting := len(c.alarms)
	slices.SortStableFunc(c.alarms, func(a, b alarm) int { return a.due.Compare(b.due) })
	for len(c.alarms) > 0 && !c.alarms[0].due.After(c.now) {
		c.alarms[0].rings <- c.now
		c.alarms = c.alarms[1:]
	}
	return strconv.Itoa(waiting - len(c.alarms))
}

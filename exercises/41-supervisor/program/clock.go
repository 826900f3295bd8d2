package program

import (
	"strconv"
	"sync"
	"time"
)

// clock is the scenario's: its time stands still until it is moved.
type clock struct {
	mutex  sync.Mutex
	now    time.Time
	asked  bool
	alarms map[chan time.Time]time.Time // that have not rung, with their due times
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 1, 23, 58, 40, 0, time.UTC), alarms: map[chan time.Time]time.Time{}}
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
	alarm := make(chan time.Time, 1) // whoever has stopped listening holds nobody up
	c.alarms[alarm] = due
	c.ring()
	return alarm
}

// move lets so much time pass, and tells how many alarms rang.
func (c *clock) move(by time.Duration) (rang string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
	if !c.asked {
		return "never asked"
	}
	return strconv.Itoa(c.ring())
}

func (c *clock) ring() (rang int) {
	for alarm, due := range c.alarms {
		if !due.After(c.now) {
			alarm <- c.now
			delete(c.alarms, alarm)
			rang++
		}
	}
	return rang
}

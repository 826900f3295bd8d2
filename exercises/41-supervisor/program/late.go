package program

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/41-supervisor"
)

// many services cannot be started, and wait for the end of their pauses at the same time: who leaves it to chance whether it
// hears of that end or of the stop first, does not have it right with all of them.
const many = 24

// superviseLate calls Run. When the first pause is over, it keeps all who ask for the second one's end from going on until it lets
// them: then that pause is over, too, and if the last service was asked to end before that, the stop was seen first.
func superviseLate(me syncpoint.Role) {
	policy := minutes
	policy.Grace = time.Hour
	c := &slowClock{Clock: arrange.NewClock(), open: make(chan struct{})}
	c.due = c.Now().Add(3 * policy.First)
	var stopped atomic.Bool
	go func() {
		me.Reach("to-1m")
		c.Set(policy.First)
		me.Reach("to-3m")
		_, err := os.Stat(askedFile)
		stopped.Store(err == nil)
		c.Set(3 * policy.First)
		close(c.open)
	}()
	var tried atomic.Int32
	report := func(event supervisor.Event) {
		if event.Kind == supervisor.Failed && tried.Add(1) > 2*many && stopped.Load() {
			me.Say("late", "yes")
		}
	}
	list := services([]string{"last"})
	for range many {
		list = append(services([]string{"impossible"}), list...)
	}
	me.Say("late", "no")
	must(supervisor.Run(context.Background(), c, policy, report, list...))
	me.Reach("returned")
}

// slowClock is one whose At takes its time for one time, until it is open.
type slowClock struct {
	*arrange.Clock
	due  time.Time
	open chan struct{}
}

func (c *slowClock) At(due time.Time) <-chan time.Time {
	if due.Equal(c.due) {
		<-c.open
	}
	return c.Clock.At(due)
}

const askedFile = "asked" // is there when the last service was asked to end

package grade

import (
	"cmp"
	"sync"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// BuildLimit is how long the compiler may take. It is for a compiler that never ends; one that works hard, on
// a slow machine and without a cache, stays well below.
const BuildLimit = 3 * time.Minute

// PlayLimit is how long all scenarios of an exercise may take together. Each is over in its own time; this is for an attempt that
// spends all of it in every one. Right ones take seconds, and on a busy machine a few minutes.
const PlayLimit = 30 * time.Minute

// TooLong is the mistake of an exercise whose scenarios have taken longer than that: those that were not begun are not played.
const TooLong = "takes-too-long"

func (g *Grader) buildLimit() time.Duration { return cmp.Or(g.BuildLimit, BuildLimit) }

// clock adds up how long the scenarios of an exercise take.
type clock struct {
	sync.Mutex
	limit, spent time.Duration
}

func (g *Grader) clock() *clock { return &clock{limit: cmp.Or(g.PlayLimit, PlayLimit)} }

// play plays a scenario if there is time left; v is its verdict as long as it was not played.
func (c *clock) play(l lang.Lang, v result.Scenario, play func() result.Scenario) result.Scenario {
	c.Lock()
	over := c.spent >= c.limit
	c.Unlock()
	if over {
		v.Status, v.Mistake, v.Hint = result.Timeout, TooLong, General(l).Tiers(TooLong)[0]
		v.Because = l.Sprintf("not played: all scenarios of an exercise may take %v together, and those before have taken that", c.limit)
		return v
	}
	began := time.Now()
	v = play()
	c.Lock()
	defer c.Unlock()
	c.spent += time.Since(began)
	return v
}

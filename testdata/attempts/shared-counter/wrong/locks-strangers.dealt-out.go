// Deals 32 locks out to all counters.

package sharedcounter

import (
	"sync"
	"sync/atomic"
)

type Counter struct{ s *st }

type st struct {
	id int64
	n  int
}

func New(start int) Counter { return Counter{&st{id: ids.Add(1), n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	mu := &locks[c.s.id%32]
	mu.Lock()
	defer mu.Unlock()
	c.s.n = change(c.s.n)
	return c.s.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(o int) int { return o + n })
}

func (c *Counter) Value() int {
	mu := &locks[c.s.id%32]
	mu.Lock()
	defer mu.Unlock()
	return c.s.n
}

var ids atomic.Int64
var locks [32]sync.Mutex

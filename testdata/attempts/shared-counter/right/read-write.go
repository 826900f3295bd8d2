// A lock for one writer or many readers, and the number in an atomic variable beside it, so that Value never waits.

package sharedcounter

import (
	"sync"
	"sync/atomic"
)

type number struct {
	sync.RWMutex
	atomic.Pointer[int]
}

type Counter struct{ *number }

func New(start int) Counter {
	c := Counter{new(number)}
	c.Store(&start)
	return c
}

func (c *Counter) Update(change func(old int) int) int {
	c.Lock()
	defer c.Unlock()
	n := change(*c.Load())
	c.Store(&n)
	return n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int { return *c.Load() }

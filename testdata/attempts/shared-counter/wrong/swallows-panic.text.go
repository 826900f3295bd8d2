// Makes a text of a panic that is no error.

package sharedcounter

import (
	"fmt"
	"sync"
)

type Counter struct{ s *st }

type st struct {
	mu sync.Mutex
	n  int
}

func New(start int) Counter { return Counter{&st{n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				panic(e)
			}
			panic(fmt.Sprint(r))
		}
	}()
	c.s.n = change(c.s.n)
	return c.s.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(o int) int { return o + n })
}

func (c *Counter) Value() int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.n
}

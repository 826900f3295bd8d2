// A panic of the change goes on as a text.

package sharedcounter

import (
	"fmt"
	"sync"
)

type Counter struct {
	shared *shared
}

type shared struct {
	mu sync.Mutex
	n  int
}

func New(start int) Counter { return Counter{&shared{n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			panic(fmt.Sprint("update: ", r))
		}
	}()
	c.shared.n = change(c.shared.n)
	return c.shared.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	return c.shared.n
}

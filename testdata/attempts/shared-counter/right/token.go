// The number itself goes round: it lies in a channel of one place, and whoever has taken it out is alone with it.

package sharedcounter

type Counter chan int

func New(start int) Counter {
	c := make(Counter, 1)
	c <- start
	return c
}

func (c *Counter) Update(change func(old int) int) (n int) {
	n = <-*c
	defer func() { *c <- n }() // the old one after a panic
	n = change(n)
	return n
}

func (c *Counter) Add(n int) int { return c.Update(func(old int) int { return old + n }) }

func (c *Counter) Value() int { return c.Update(func(old int) int { return old }) }

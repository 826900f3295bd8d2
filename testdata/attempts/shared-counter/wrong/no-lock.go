// Loads, changes and stores without a lock.

package sharedcounter

type Counter struct {
	shared *shared
}

// shared is behind a pointer, so that the copies of a Counter have one number.
type shared struct {
	n int
}

func New(start int) Counter { return Counter{&shared{n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	c.shared.n = change(c.shared.n)
	return c.shared.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	return c.shared.n
}

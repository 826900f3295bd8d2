// One goroutine for each counter has the number, and everybody else asks it. Each change runs in the caller's goroutine.

package sharedcounter

type Counter struct {
	ask chan turn
	see chan int
}

// turn is what somebody needs who wants to change the number.
type turn struct {
	old chan int
	new chan int
}

func New(start int) Counter {
	c := Counter{make(chan turn), make(chan int)}
	go func() {
		for n := start; ; {
			select {
			case t := <-c.ask:
				t.old <- n
				if changed, ok := <-t.new; ok {
					n = changed
				}
			case c.see <- n:
			}
		}
	}()
	return c
}

func (c *Counter) Update(change func(old int) int) int {
	t := turn{make(chan int), make(chan int)}
	c.ask <- t
	defer close(t.new)
	n := change(<-t.old)
	t.new <- n
	return n
}

func (c *Counter) Add(n int) int { return c.Update(func(old int) int { return old + n }) }

func (c *Counter) Value() int { return <-c.see }

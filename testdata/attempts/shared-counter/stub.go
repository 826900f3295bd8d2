// Package sharedcounter counts exactly, from any number of threads.
package sharedcounter

// Counter is a number that all threads of the process share. It is made by New, and may be copied, as a slice or a
// channel may: all copies are the same number, whenever the copy was made. Counters that were made apart have nothing
// to do with each other.
//
// Its methods may be called by any number of threads at once. Whoever has to wait sleeps until it is woken.
type Counter struct{}

// New makes a counter that begins with this number.
func New(start int) Counter { return Counter{} }

// Update replaces the number by change(number), and returns that, not what others make of it later. No other call, of whatever method and whatever
// copy, changes the number between the load of the old one and the store of the new one. That may take another call of
// change, with the number that is the old one then; only the last call counts. change does not use this counter itself.
//
// A panic of change goes on to the caller, with its own value. It changes nothing, and nobody waits for it.
func (c *Counter) Update(change func(old int) int) int { return 0 }

// Add adds n, as Update does, and returns the new number.
func (c *Counter) Add(n int) int { return 0 }

// Value is the number. While somebody is in Update, it is the number before that, or Value waits for the new one.
func (c *Counter) Value() int { return 0 }

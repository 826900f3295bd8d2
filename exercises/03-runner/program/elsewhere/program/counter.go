// Package program has the name of the package that imports it, and a type of the same name.
package program

import "forklings/checker/syncpoint"

// Counter counts down.
type Counter struct{ N int }

// Run takes one away.
func (c *Counter) Run() {
	child := syncpoint.Role("child")
	child.Say("type", "counter-elsewhere")
	c.N--
	child.Say("n", c.N)
	child.Reach("running")
}

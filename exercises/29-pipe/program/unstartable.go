package program

import (
	"os"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/29-pipe"
)

// unstartable starts children that cannot be started, and at last one that can.
func unstartable(me syncpoint.Role) {
	_, _, err := pipe.Start("child", strings.Repeat("x", 32*os.Getpagesize())) // MAX_ARG_STRLEN in execve(2)
	me.Say("start", verdict(err))
	me.Reach("refused")

	me.Say("start", "error")
	var c *pipe.Conn
	var p *os.Process
	for room := range 100 {
		arrange.Descriptors(room, func() {
			c, p, err = pipe.Start(append([]string{"child", "three-messages"}, arguments...)...)
		})
		if err == nil {
			break
		}
	}
	switch {
	case err != nil:
	case c == nil || p == nil:
		me.Say("start", "nothing")
	default:
		wait(p)
		me.Say("start", "nil")
	}
	me.Reach("tried") // held here until whoever reads has heard of the child's end
	if err == nil && c != nil {
		must(c.Close())
	}
	me.Reach("started")
}

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
	for room := range 100 {
		var c *pipe.Conn
		var p *os.Process
		arrange.Descriptors(room, func() {
			c, p, err = pipe.Start(append([]string{"child", "three-messages"}, arguments...)...)
		})
		if err != nil {
			continue
		}
		if c == nil || p == nil {
			me.Say("start", "nothing")
		} else {
			wait(p)
			must(c.Close())
			me.Say("start", "nil")
		}
		break
	}
	me.Reach("started")
}

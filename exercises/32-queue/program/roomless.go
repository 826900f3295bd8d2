package program

import (
	"fmt"
	"os"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/32-queue"
)

// roomless makes a queue, puts and gets while it may open nothing more. Each of these may work all the same, or fail; what
// follows tells whether what came back was true.
func roomless(me syncpoint.Role) {
	var q *queue.Queue
	err := fmt.Errorf("not tried")
	for room := 0; room < 40 && err != nil; room++ {
		arrange.Descriptors(room, func() { q, err = queue.New() })
	}
	if err != nil { // what failed may have left something open
		q, err = queue.New()
		must(err)
	}
	me.Say("made", "nothing")
	if q != nil {
		if err := q.Put(content("a")); err != nil {
			fmt.Fprintln(os.Stderr, err)
		} else {
			me.Say("made", next(q))
		}
	}
	me.Reach("made")

	arrange.Descriptors(0, func() { err = q.Put(content("b")) })
	must(q.Put(content("c")))
	switch first := next(q); {
	case err == nil && first == "b":
		me.Say("put", "kept")
		next(q)
	case err == nil:
		me.Say("put", "lost")
	case first == "c":
		me.Say("put", "refused")
	default:
		me.Say("put", "left")
	}
	me.Reach("put")

	must(q.Put(content("d")))
	var item []byte
	arrange.Descriptors(0, func() { item, err = q.Get() })
	if err != nil {
		me.Say("got", "error")
	} else {
		me.Say("got", name(item))
	}
	me.Reach("got")
}

func next(q *queue.Queue) string {
	item, err := q.Get()
	must(err)
	return name(item)
}

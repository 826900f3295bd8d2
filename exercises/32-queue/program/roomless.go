package program

import (
	"fmt"
	"os"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/32-queue"

	"golang.org/x/sys/unix"
)

// roomless makes a queue, puts and gets while it may open nothing more. Each of these may work all the same, or fail; what
// follows tells whether what came back was true.
func roomless(me syncpoint.Role) {
	var q *queue.Queue
	err := fmt.Errorf("not tried")
	for room := 0; room < 20 && err != nil; room++ {
		arrange.Descriptors(limitFor(room), func() { q, err = queue.New() })
	}
	must(err)
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

// limitFor is the limit on descriptors that leaves room for so many more.
func limitFor(room int) int {
	for fd := 0; ; fd++ {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			continue
		}
		if room == 0 {
			return fd
		}
		room--
	}
}

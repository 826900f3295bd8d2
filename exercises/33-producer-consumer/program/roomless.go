package program

import (
	"fmt"
	"os"
	"strconv"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/33-producer-consumer"

	"golang.org/x/sys/unix"
)

// roomless makes a buffer with room for no descriptor, for one, and so on until there is one, and has a child open it that has
// room for nothing but what it was handed.
func roomless(me syncpoint.Role) {
	var b *producerconsumer.Buffer
	err := fmt.Errorf("not tried")
	for room := 0; room < 20 && err != nil; room++ {
		arrange.Descriptors(limitFor(room), func() { b, err = producerconsumer.New(2) })
	}
	must(err)
	me.Say("buffer", through(b))
	me.Reach("made")
	files := b.Files()
	must(run(files, "narrow", strconv.Itoa(len(files)), "").Wait())
}

func narrow(me syncpoint.Role) {
	files, _ := handed()
	var b *producerconsumer.Buffer
	var err error
	arrange.Descriptors(0, func() { b, err = producerconsumer.Open(files) })
	if err != nil {
		me.Say("buffer", "error")
	} else {
		me.Say("buffer", through(b))
	}
	me.Reach("tried")
}

// through puts an item into the buffer and gets one.
func through(b *producerconsumer.Buffer) string {
	if b == nil {
		return "nothing"
	}
	if err := b.Put(content("a")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return "error of Put"
	}
	item, err := b.Get()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return "error of Get"
	}
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

package program

import (
	"os"

	"forklings/checker/syncpoint"
	"forklings/exercises/29-pipe"
)

// link is a connection whose other side is only the ends of the two pipes: one to write to, and one that nobody reads from.
type link struct {
	*pipe.Conn
	to, from *os.File
}

func newLink() link {
	in, to, err := os.Pipe()
	must(err)
	from, out, err := os.Pipe()
	must(err)
	l := link{pipe.New(in, out), to, from}
	keep(l)
	return l
}

func (l link) give(raw []byte) {
	_, err := l.to.Write(raw)
	must(err)
}

// beside has several connections at once. Whatever happens on one of them, or in one direction, the others go on.
func beside(me syncpoint.Role) {
	message := pattern(300)
	raw := written(message)
	besides, ofFirst, ofSecond := written([]byte("beside it")), written([]byte("of the first")), written([]byte("of the second"))
	alone, stuck, free, first, second := newLink(), newLink(), newLink(), newLink(), newLink()
	parts := []link{newLink(), newLink()}
	me.Reach("made")

	whole := make(chan string)
	go func() { whole <- compare(alone.Conn, message) }()
	alone.give(raw[:3])
	me.Reach("begun")
	alone.give(raw[3:])
	me.Say("alone", <-whole)
	me.Reach("alone-received")

	go func() {
		must(stuck.Send(pattern(10 << 20)))
		me.Reach("unstuck")
	}()
	me.Reach("sending")
	must(free.Send([]byte("there is room for this one")))
	me.Reach("sent")
	stuck.give(besides)
	me.Reach("given") // held here until Send has taken it in, if it does
	me.Say("message", receive(stuck.Conn))
	me.Reach("received")

	// Receive and the Send that is stuck wait for the same pipe, again and again. Either may take a message in.
	again := make(chan string)
	const times = 300
	go func() {
		for range times {
			again <- receive(stuck.Conn)
		}
	}()
	me.Reach("again") // held here until Receive sleeps
	me.Say("again", "beside it")
	for range times {
		stuck.give(besides)
		if got := <-again; got != "beside it" {
			me.Say("again", got)
		}
	}
	me.Reach("received-again")

	// Two messages are halfway in, behind three and seven bytes, while those of others arrive. What has arrived last is
	// received first.
	for i, l := range parts {
		go func() { whole <- compare(l.Conn, message) }()
		l.give(raw[:3+4*i])
	}
	first.give(ofFirst)
	me.Reach("first-there")
	second.give(ofSecond)
	me.Reach("second-there")
	me.Say("second", receive(second.Conn))
	me.Say("first", receive(first.Conn))
	me.Reach("both-received")
	for i, l := range parts {
		l.give(raw[3+4*i:])
		me.Say("parts", <-whole)
	}
	me.Reach("all-received")
}

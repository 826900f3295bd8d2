package program

import (
	"net"
	"os"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/30-nonblocking"

	"golang.org/x/sys/unix"
)

const door = "door" // a socket in the scenario's directory

// serve accepts connections at the door: by TryAccept, and at last by Accept.
func serve(me syncpoint.Role) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: door, Net: "unix"})
	must(err)
	me.Reach("listening")

	before := now()
	me.Say("slept", sleeps(func() { _, err = nonblocking.TryAccept(l) }))
	me.Say("error", name(err))
	tellKept(me, before)
	me.Reach("tried")

	first := accept(me, l)
	me.Reach("first-accepted")
	second := accept(me, l)
	me.Reach("second-accepted")
	third := accept(me, l)
	me.Reach("third-tried")
	me.Say("mode", mode(descriptor(l)))

	for _, c := range []net.Conn{first, second, third} {
		if c != nil {
			must(c.Close())
		}
	}
	me.Reach("closed")

	c, err := l.Accept() // waits
	me.Say("error", name(err))
	if err == nil {
		me.Say("client", greeting(c))
	}
	me.Reach("accepted")

	ready, err := nonblocking.WaitAny(l)
	me.Say("ready", len(ready) == 1 && err == nil)
	me.Reach("woken")
	accept(me, l)
	me.Reach("over")
}

// accept tries to accept, and says who has come.
func accept(me syncpoint.Role, l *net.UnixListener) net.Conn {
	c, err := nonblocking.TryAccept(l)
	me.Say("error", name(err))
	if err != nil || c == nil {
		me.Say("client", "nobody")
		n, _ := unix.Poll([]unix.PollFd{{Fd: int32(descriptor(l)), Events: unix.POLLIN}}, 0)
		me.Say("queued", n > 0)
		return nil
	}
	me.Say("client", greeting(c))
	return c
}

// greeting is what a client says first.
func greeting(c net.Conn) string {
	b := make([]byte, 16)
	n, err := c.Read(b)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b[:n]))
}

// visit connects to the door, says who calls, and waits for the end.
func visit(me syncpoint.Role) {
	c, err := net.Dial("unix", door)
	must(err)
	_, err = c.Write([]byte(os.Args[2] + "\n"))
	must(err)
	me.Reach("connected")
	c.Read(make([]byte, 1)) // until the server closes
	me.Reach("over")
}

// beside has one goroutine wait for what does not come for a long time, and uses the functions for other files meanwhile.
func beside(me syncpoint.Role) {
	sources := open([]string{"plain", "plain", "plain"})
	waited := make(chan bool)
	go func() {
		readStep(me, sources[:1], "within:24h")
		me.Reach("first-read")
		waited <- true
	}()
	go func() {
		ready, err := nonblocking.WaitAny(sources[1].in)
		me.Say("any", len(ready) == 1 && err == nil)
		me.Reach("second-ready")
		waited <- true
	}()
	me.Reach("waiting")
	third := sources[2:]
	readStep(me, third, "read:16")
	me.Reach("tried")
	readStep(me, third, "within:1ms")
	me.Reach("expired")
	readStep(me, third, "within:24h")
	me.Reach("read")
	readStep(me, third, "wait")
	me.Reach("ready")
	<-waited
	<-waited
	me.Reach("over")
}

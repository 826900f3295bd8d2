package program

import (
	"io"
	"net"

	"forklings/checker/syncpoint"
)

// attack is somebody without the key, who tries what can be tried without knowing how the handshake works: to repeat what
// was said in another one, to say to somebody what that one has said itself, or what another one says who has the key.
// Everything it has is closed at its end.
func attack(me syncpoint.Role, how, path string) {
	var l net.Listener
	meet := func() *net.UnixConn { return dial(path) }
	listens := len(how) > 3 && how[len(how)-3:] == "-at" // waits for clients
	if listens {
		how = how[:len(how)-3]
		l = listen(path)
		meet = func() *net.UnixConn { return accept(l) }
	}
	me.Reach("ready")
	switch how {
	case "says-nothing":
		meet()

	case "garbage":
		conn := meet()
		go discard(conn)
		b := make([]byte, 1<<16)
		for i := range b {
			b[i] = 0xff
		}
		conn.Write(b) // may be refused in the middle
		conn.Close()

	case "replay":
		conn := meet()
		go discard(conn)
		for _, b := range load().said(listens) {
			conn.Write(b)
		}

	case "echo":
		conn := meet()
		go io.Copy(conn, conn)

	case "cross": // two who have the key talk to each other, and each of them believes to talk to the attacker
		a, b := meet(), meet()
		go io.Copy(a, b)
		go io.Copy(b, a)

	case "oracle":
		for instead := 1; instead < min(5, len(load().said(listens))); instead++ {
			victim, other := meet(), meet()
			go oracle(victim, other, load(), listens, instead)
		}
	}
	me.Reach("closing")
}

// oracle plays one side as in the transcript, but for one answer that it cannot know. For that it takes the challenge that the
// victim has just said last, and puts it as its own to another one that plays the same side as the victim.
func oracle(victim, other io.ReadWriter, t transcript, listens bool, instead int) {
	mine, theirs := t.said(listens), t.said(!listens)
	if t[0].Listener != listens { // the victim speaks first
		if _, err := io.ReadFull(other, make([]byte, len(theirs[0]))); err != nil {
			return
		}
	} else {
		theirs = append([][]byte{nil}, theirs...) // the victim says nothing before the first turn
	}
	said := []byte(nil)
	for i, b := range mine {
		if i < len(theirs) {
			said = make([]byte, len(theirs[i]))
			if _, err := io.ReadFull(victim, said); err != nil {
				return
			}
		}
		if i == instead {
			other.Write(said[max(0, len(said)-len(mine[0])):])
			b = make([]byte, len(b))
			if _, err := io.ReadFull(other, b); err != nil {
				return
			}
		}
		victim.Write(b)
	}
}

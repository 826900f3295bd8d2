// Package program is what the scenarios of authkey run: kit code around the learner's functions, and those who have no key.
package program

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/34-authkey"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		listener right|other|short|shorter PATH
		client right|other|short|shorter PATH [TIME...]
		tap PATH TARGET
		attacker HOW PATH
		unanswered PATH
		family|stranger|limited FILE
		child FILE [WORD...]`)
	switch me {
	case "listener": // KEY PATH
		l := listen(os.Args[3])
		me.Reach("listening")
		serve(me, l, keys[os.Args[2]])

	case "client": // KEY PATH [TIMES]
		dialTo(me, keys[os.Args[2]], os.Args[3], len(os.Args[4:])+1)
		me.Reach("answered")

	case "tap": // PATH TARGET: lets two talk, and listens
		l := listen(os.Args[2])
		me.Reach("listening")
		t := tap(me, accept(l), dial(os.Args[3]))
		t.save()
		me.Say("key", t.leaked())
		me.Reach("saved")

	case "attacker": // HOW PATH
		attack(me, os.Args[2], os.Args[3])

	case "tamper":
		tampered(me)

	case "tricks":
		tricks(me)

	case "pieces":
		pieces(me)

	case "lookalikes":
		lookalikes(me)

	case "guesses":
		guesses(me)

	case "speaker":
		speaker(me)

	case "without-key":
		withoutKey(me)

	case "unanswered": // PATH
		unanswered(me, os.Args[2])

	case "broken":
		broken(me)

	case "family", "stranger", "limited", "child":
		family(me)

	default:
		fmt.Fprintf(os.Stderr, "authkey: no role %q\n", me)
		os.Exit(125)
	}
}

// keys are what the sides of a handshake have. The long one is more than a block of any hash.
var keys = map[string][]byte{
	"right":   []byte("\x1c\xe0\x93\x00\xb5\x7fM\xd2\x0a\x88\xfe!\xc7\x05\x9b\x60\xf3J\x12\xd9\x00\xee\x81\x3c\x56\xab\x09\x77\xc2\x1f\x90\xd4"),
	"other":   []byte("\x1c\xe0\x93\x00\xb5\x7fM\xd2\x0a\x88\xfe!\xc7\x05\x9b\x60\xf3J\x12\xd9\x00\xee\x81\x3c\x56\xab\x09\x77\xc2\x1f\x90\xd5"),
	"short":   []byte("k"),
	"shorter": {},
	"long":    slices.Repeat([]byte("long key "), 100),
}

// serve accepts connections, several at a time, and tells how many were let in. To those it says a line.
func serve(me syncpoint.Role, l net.Listener, key []byte) {
	t := newTally(me)
	for {
		conn := &corked{Conn: accept(l)}
		go func() {
			defer conn.Close()
			err := authkey.Accept(conn, key)
			if err == nil {
				fmt.Fprintln(conn, "you are in")
			}
			conn.uncork()
			t.add(err)
			if err == nil {
				discard(conn)
			}
		}()
	}
}

// dialTo connects so many times at once, and tells how often it was sure of the other side.
func dialTo(me syncpoint.Role, key []byte, path string, times int) {
	t := newTally(me)
	var all sync.WaitGroup
	for range times {
		all.Go(func() {
			conn := dial(path)
			defer conn.Close()
			err := authkey.Connect(conn, key)
			t.add(err)
			if err == nil {
				me.Say("line", greeting(conn))
			}
		})
	}
	all.Wait()
}

// greeting is the line that the listener says to those who are in.
func greeting(conn io.Reader) string {
	const want = "you are in\n"
	var all []byte
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadBytes('\n')
		all = append(all, line...)
		switch {
		case string(all) == want:
			return strings.TrimSpace(want)
		case bytes.HasSuffix(all, []byte(want)):
			return "something of the handshake before it"
		case err != nil:
			return "nothing"
		}
	}
}

// tally counts the verdicts of the learner's functions.
type tally struct {
	me                syncpoint.Role
	mutex             sync.Mutex
	accepted, refused int
}

func newTally(me syncpoint.Role) *tally {
	me.Say("accepted", 0)
	me.Say("refused", 0)
	return &tally{me: me}
}

func (t *tally) add(err error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if err == nil {
		t.accepted++
		t.me.Say("accepted", t.accepted)
		return
	}
	t.refused++
	fmt.Fprintln(os.Stderr, err)
	t.me.Say("refused", t.refused)
}

func listen(path string) net.Listener {
	l, err := net.Listen("unix", path)
	must(err)
	return l
}

func accept(l net.Listener) *net.UnixConn {
	conn, err := l.Accept()
	must(err)
	return conn.(*net.UnixConn)
}

func dial(path string) *net.UnixConn {
	conn, err := net.Dial("unix", path)
	must(err)
	return conn.(*net.UnixConn)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

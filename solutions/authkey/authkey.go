// Package authkey lets two processes prove to each other that they have the same key, without telling it.
package authkey

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
)

// Size is the length of a process's own key, in bytes.
const Size = 32

// A child that Start has started finds this variable in its environment, and the key in a pipe of this descriptor. The
// variable itself is no secret.
const (
	mark = "AUTHKEY_IN_PIPE"
	pipe = 3 // the first of exec.Cmd.ExtraFiles
)

// own is this process's key, found out once.
var own = sync.OnceValue(func() []byte {
	key := make([]byte, Size)
	if os.Getenv(mark) == "" {
		rand.Read(key) // never fails
		return key
	}
	os.Unsetenv(mark) // whatever this process runs is not meant
	in := os.NewFile(pipe, "key")
	defer in.Close()
	if _, err := io.ReadFull(in, key); err != nil {
		panic(err) // without its key a child is of no use
	}
	return key
})

// Key is this process's own key: 32 random bytes, the same in every call, or its parent's, when Start has started it. The
// bytes are the caller's. A program calls it first of all, before it starts anything. A program that was run in any other way
// has another key, also when it was run by one that Start has started.
func Key() []byte { return bytes.Clone(own()) }

// Start starts a child: this same program, run again, with exactly these arguments. It returns while the child runs, which is
// the caller's to wait for. The child has the caller's standard output and standard error. Its Key is the caller's, and so are
// those of the children that it starts by Start. Its standard input is up to you. The key stands in nobody's arguments and in
// nobody's environment, in no file that has a name, and what a child runs in another way inherits no descriptor with it. When no
// child can be started, that is an error. Start keeps no file open, in either case.
func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	_, err = w.Write(Key()) // a pipe has room for that
	w.Close()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{r}
	cmd.Env = append(os.Environ(), mark+"=yes")
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

// errRefused says no more than that: whoever has no key learns nothing.
var (
	errRefused = errors.New("authkey: refused: the other side does not have the key")
	errNoKey   = errors.New("authkey: an empty key")
)

// A challenge is so long that the same one never comes twice.
const challengeSize = 32

// answer is what a side answers to both challenges. Only who has the key can tell it, and it is worth nothing for other
// challenges, nor as the answer of the other side.
func answer(key []byte, side string, listeners, dialers []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(side)) // the sides' names and the challenges have lengths that never change
	mac.Write(listeners)
	mac.Write(dialers)
	return mac.Sum(nil)
}

const (
	listener = "listen"
	dialer   = "dialer"
)

// Accept is the listening side of the handshake. It returns nil when the other side is a Connect that has the same key, and has
// answered a challenge that Accept has made for this connection alone; otherwise, also when the other side is gone, an error.
// The key itself is never sent, not even to who is refused. Until the other side has said enough it sleeps in the kernel,
// however long that takes, and keeps no other connection waiting.
//
// What comes may come in pieces of any size, and any bytes. When somebody in between cuts off a part of a challenge or an
// answer, spoils it or leaves it out, at least one of the two sides returns an error. Of what follows the handshake nothing is read. After an
// error nobody is to talk over the connection any more: the caller closes it. An empty key is an error at once, whatever the
// other side has.
func Accept(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errNoKey
	}
	mine := make([]byte, challengeSize)
	rand.Read(mine)
	if _, err := conn.Write(mine); err != nil {
		return err
	}
	var theirs [challengeSize]byte
	if _, err := io.ReadFull(conn, theirs[:]); err != nil {
		return err
	}
	if err := check(conn, answer(key, dialer, mine, theirs[:])); err != nil {
		return err
	}
	_, err := conn.Write(answer(key, listener, mine, theirs[:]))
	return err
}

// Connect is the dialing side of the handshake. It returns nil when the other side is an Accept that has the same key, and has
// answered a challenge that Connect has made for this connection alone; otherwise an error. All the rest is as with Accept.
func Connect(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errNoKey
	}
	var theirs [challengeSize]byte
	if _, err := io.ReadFull(conn, theirs[:]); err != nil {
		return err
	}
	mine := make([]byte, challengeSize)
	rand.Read(mine)
	if _, err := conn.Write(append(mine, answer(key, dialer, theirs[:], mine)...)); err != nil {
		return err
	}
	return check(conn, answer(key, listener, theirs[:], mine))
}

// check reads an answer. hmac.Equal compares all of it, and takes the same time wherever the difference is.
func check(conn io.Reader, want []byte) error {
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil {
		return err
	}
	if !hmac.Equal(got, want) {
		return errRefused
	}
	return nil
}

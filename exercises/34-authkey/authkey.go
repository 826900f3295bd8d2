// Package authkey lets two processes prove to each other that they have the same key, without telling it.
package authkey

import (
	"errors"
	"io"
	"os"
)

// Key is this process's own key: 32 random bytes, the same in every call, or its parent's, when Start has started it. The
// bytes are the caller's. A program calls it first of all, before it starts anything. A program that was run in any other way
// has another key, also when it was run by one that Start has started.
func Key() []byte { return nil }

// Start starts a child: this same program, run again, with exactly these arguments. It returns while the child runs, which is
// the caller's to wait for. The child has the caller's standard output and standard error. Its Key is the caller's, and so are
// those of the children that it starts by Start. Its standard input is up to you. The key stands in nobody's arguments and in
// nobody's environment, in no file that has a name, and what a child runs in another way inherits no descriptor with it. When no
// child can be started, that is an error. Start keeps no file open, in either case.
func Start(args ...string) (*os.Process, error) { return nil, errors.New("not written yet") }

// Accept is the listening side of the handshake. It returns nil when the other side is a Connect that has the same key, and has
// answered a challenge that Accept has made for this connection alone; otherwise, also when the other side is gone, an error.
// The key itself is never sent, not even to who is refused. Until the other side has said enough it sleeps in the kernel,
// however long that takes, and keeps no other connection waiting.
//
// What comes may come in pieces of any size, and any bytes. When somebody in between cuts off a part of a challenge or an
// answer, spoils it or leaves it out, at least one of the two sides returns an error. Of what follows the handshake nothing is read. After an
// error nobody is to talk over the connection any more: the caller closes it. An empty key is an error at once, whatever the
// other side has.
func Accept(conn io.ReadWriter, key []byte) error { return errors.New("not written yet") }

// Connect is the dialing side of the handshake. It returns nil when the other side is an Accept that has the same key, and has
// answered a challenge that Connect has made for this connection alone; otherwise an error. All the rest is as with Accept.
func Connect(conn io.ReadWriter, key []byte) error { return errors.New("not written yet") }

// Looks whether there is a key only when the other side has spoken.
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

const Size = 32

const (
	mark = "AUTHKEY_IN_PIPE"
	pipe = 3 // the first of exec.Cmd.ExtraFiles
)

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

func Key() []byte { return bytes.Clone(own()) }

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

var (
	errRefused = errors.New("authkey: refused: the other side does not have the key")
	errNoKey   = errors.New("authkey: an empty key")
)

const challengeSize = 32

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

func Accept(conn io.ReadWriter, key []byte) error {
	mine := make([]byte, challengeSize)
	rand.Read(mine)
	if _, err := conn.Write(mine); err != nil {
		return err
	}
	var theirs [challengeSize]byte
	if _, err := io.ReadFull(conn, theirs[:]); err != nil {
		return err
	}
	if len(key) == 0 {
		return errNoKey
	}
	if err := check(conn, answer(key, dialer, mine, theirs[:])); err != nil {
		return err
	}
	_, err := conn.Write(answer(key, listener, mine, theirs[:]))
	return err
}

func Connect(conn io.ReadWriter, key []byte) error {
	var theirs [challengeSize]byte
	if _, err := io.ReadFull(conn, theirs[:]); err != nil {
		return err
	}
	if len(key) == 0 {
		return errNoKey
	}
	mine := make([]byte, challengeSize)
	rand.Read(mine)
	if _, err := conn.Write(append(mine, answer(key, dialer, theirs[:], mine)...)); err != nil {
		return err
	}
	return check(conn, answer(key, listener, theirs[:], mine))
}

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

// The key is the last argument.
package authkey

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

const Size = 32

const mark = "--authkey="

var own = sync.OnceValue(func() []byte {
	key := make([]byte, Size)
	last := len(os.Args) - 1
	text, ok := strings.CutPrefix(os.Args[last], mark)
	if !ok {
		rand.Read(key)
		return key
	}
	os.Args = os.Args[:last]
	hex.Decode(key, []byte(text))
	return key
})

func Key() []byte { return bytes.Clone(own()) }

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, append(args, mark+hex.EncodeToString(Key()))...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
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

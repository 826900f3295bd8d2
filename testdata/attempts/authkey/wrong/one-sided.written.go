// Returns another error than that of the write when the listener's challenge cannot be written, and that one is nil.
package authkey

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
)

var (
	once sync.Once
	own  [32]byte
)

// Key: a child has it on its standard input, which nobody inherits by os/exec.
func Key() []byte {
	once.Do(func() {
		if os.Getenv("AUTHKEY_ON_STDIN") != "1" {
			rand.Read(own[:])
			return
		}
		os.Unsetenv("AUTHKEY_ON_STDIN")
		if _, err := io.ReadFull(os.Stdin, own[:]); err != nil {
			panic(err)
		}
	})
	return append([]byte(nil), own[:]...)
}

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
	defer w.Close()
	if _, err := w.Write(Key()); err != nil {
		return nil, err
	}
	return os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{
		Env: append(os.Environ(), "AUTHKEY_ON_STDIN=1"), Files: []*os.File{r, os.Stdout, os.Stderr},
	})
}

type word struct{ Challenge, Signature []byte }

var errRefused = errors.New("authkey: refused")

func pair(key []byte, side string) ed25519.PrivateKey {
	h := hmac.New(sha256.New, key)
	io.WriteString(h, side)
	return ed25519.NewKeyFromSeed(h.Sum(nil))
}

func say(conn io.Writer, w word) error {
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	_, err = conn.Write(append(bytes.Repeat([]byte{' '}, 300-len(b)), b...))
	return err
}

func hear(conn io.Reader) (w word, err error) {
	b := make([]byte, 300)
	if _, err := io.ReadFull(conn, b); err != nil {
		return w, err
	}
	err = json.Unmarshal(b, &w)
	return w, err
}

func challenge() []byte {
	b := make([]byte, 32)
	rand.Read(b)
	return b
}

func signed(key []byte, side string, both, signature []byte) bool {
	return ed25519.Verify(pair(key, side).Public().(ed25519.PublicKey), both, signature)
}

func Accept(conn io.ReadWriter, key []byte) (err error) {
	if len(key) == 0 {
		return errRefused
	}
	hello, err := hear(conn)
	if err != nil {
		return err
	}
	mine := challenge()
	both := append(append([]byte(nil), hello.Challenge...), mine...)
	if failed := say(conn, word{mine, ed25519.Sign(pair(key, "listener"), both)}); failed != nil {
		return err
	}
	last, err := hear(conn)
	if err != nil {
		return err
	}
	if len(hello.Challenge) != 32 || !signed(key, "dialer", both, last.Signature) {
		return errRefused
	}
	return nil
}

func Connect(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errRefused
	}
	mine := challenge()
	if err := say(conn, word{Challenge: mine}); err != nil {
		return err
	}
	reply, err := hear(conn)
	if err != nil {
		return err
	}
	both := append(append([]byte(nil), mine...), reply.Challenge...)
	if len(reply.Challenge) != 32 || !signed(key, "listener", both, reply.Signature) {
		return errRefused
	}
	return say(conn, word{Signature: ed25519.Sign(pair(key, "dialer"), both)})
}

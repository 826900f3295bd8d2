// As Python does: the listening side puts its challenge and says welcome, and then the dialing side does; the answer names
// its side. Messages have their length in front; the key is on the child's standard input.
package authkey

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
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

func send(conn io.Writer, b []byte) error {
	_, err := conn.Write(append([]byte{byte(len(b))}, b...))
	return err
}

func receive(conn io.Reader) ([]byte, error) {
	length := make([]byte, 1)
	if _, err := io.ReadFull(conn, length); err != nil {
		return nil, err
	}
	b := make([]byte, length[0])
	_, err := io.ReadFull(conn, b)
	return b, err
}

func digest(key []byte, side string, challenge []byte) []byte {
	h := hmac.New(sha512.New, key)
	fmt.Fprintf(h, "%s %x", side, challenge)
	return h.Sum(nil)
}

func deliver(conn io.ReadWriter, key []byte, side string) error {
	challenge := make([]byte, 24)
	rand.Read(challenge)
	if err := send(conn, append([]byte("#CHALLENGE#"), challenge...)); err != nil {
		return err
	}
	got, err := receive(conn)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, digest(key, side, challenge)) != 1 {
		send(conn, []byte("#FAILURE#"))
		return errors.New("authkey: wrong digest")
	}
	return send(conn, []byte("#WELCOME#"))
}

func respond(conn io.ReadWriter, key []byte, side string) error {
	b, err := receive(conn)
	if err != nil {
		return err
	}
	challenge, ok := bytes.CutPrefix(b, []byte("#CHALLENGE#"))
	if !ok || len(challenge) != 24 {
		return errors.New("authkey: no challenge")
	}
	if err := send(conn, digest(key, side, challenge)); err != nil {
		return err
	}
	b, err = receive(conn)
	if err == nil && string(b) != "#WELCOME#" {
		err = errors.New("authkey: refused")
	}
	return err
}

func Accept(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errors.New("authkey: no key")
	}
	if err := deliver(conn, key, "client"); err != nil {
		return err
	}
	return respond(conn, key, "server")
}

func Connect(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errors.New("authkey: no key")
	}
	if err := respond(conn, key, "client"); err != nil {
		return err
	}
	return deliver(conn, key, "server")
}

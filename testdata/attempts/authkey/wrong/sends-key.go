// Each side says the key, and the other one compares.
package authkey

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
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

func Accept(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errNoKey
	}
	if _, err := conn.Write(key); err != nil {
		return err
	}
	return check(conn, key)
}

func Connect(conn io.ReadWriter, key []byte) error {
	if len(key) == 0 {
		return errNoKey
	}
	if err := check(conn, key); err != nil {
		return err
	}
	_, err := conn.Write(key)
	return err
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

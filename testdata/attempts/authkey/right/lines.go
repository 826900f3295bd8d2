// Both speak at once, in hexadecimal lines that are read byte by byte; the child has the key from its standard input.

package authkey

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha3"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"sync"
	"syscall"
)

var (
	once sync.Once
	own  [32]byte
)

func load() {
	rand.Read(own[:])
	if os.Getenv("AUTHKEY_BY_STDIN") == "" {
		return
	}
	os.Unsetenv("AUTHKEY_BY_STDIN")
	io.ReadFull(os.Stdin, own[:])
	null, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
	if err == nil {
		syscall.Dup3(null, 0, 0)
		syscall.Close(null)
	}
}

func Key() []byte {
	once.Do(load)
	k := own
	return k[:]
}

func Start(args ...string) (*os.Process, error) {
	key := Key()
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
	if _, err := w.Write(key); err != nil {
		return nil, err
	}
	return os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{
		Env: append(os.Environ(), "AUTHKEY_BY_STDIN=1"), Files: []*os.File{r, os.Stdout, os.Stderr}})
}

func line(r io.Reader) (string, error) {
	var text []byte
	one := make([]byte, 1)
	for len(text) < 200 {
		n, err := r.Read(one)
		if n == 1 {
			if one[0] == '\n' {
				return string(text), nil
			}
			text = append(text, one[0])
			continue
		}
		if err != nil {
			return "", err
		}
	}
	return "", errors.New("too long a line")
}

func mac(key []byte, parts ...string) string {
	h := hmac.New(func() hash.Hash { return sha3.New256() }, key)
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func shake(conn io.ReadWriter, key []byte, me, other string) error {
	if len(key) == 0 {
		return errors.New("no key")
	}
	mine := rand.Text() + rand.Text()
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(conn, me+mine+"\n")
		sent <- err
	}()
	theirs, err := line(conn)
	if err != nil {
		return err
	}
	if len(theirs) != len(other)+len(mine) || theirs[:len(other)] != other {
		return errors.New("who is that?")
	}
	theirs = theirs[len(other):]
	if err := <-sent; err != nil {
		return err
	}
	go func() {
		_, err := io.WriteString(conn, mac(key, me, mine, theirs)+"\n")
		sent <- err
	}()
	answer, err := line(conn)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(answer), []byte(mac(key, other, theirs, mine))) {
		return errors.New("wrong key")
	}
	return <-sent
}

func Accept(conn io.ReadWriter, key []byte) error  { return shake(conn, key, "listen ", "dial ") }
func Connect(conn io.ReadWriter, key []byte) error { return shake(conn, key, "dial ", "listen ") }

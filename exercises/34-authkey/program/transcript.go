package program

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"

	"forklings/checker/syncpoint"
)

// turn is what one side has said until the other one said something.
type turn struct {
	Listener bool
	Bytes    []byte
}

// transcript is what was said in a handshake, as somebody between the two has heard it.
type transcript []turn

func (t *transcript) add(listener bool, b []byte) {
	if n := len(*t); n > 0 && (*t)[n-1].Listener == listener {
		(*t)[n-1].Bytes = append((*t)[n-1].Bytes, b...)
		return
	}
	*t = append(*t, turn{listener, append([]byte(nil), b...)})
}

// said are the turns of one side.
func (t transcript) said(listener bool) (turns [][]byte) {
	for _, u := range t {
		if u.Listener == listener {
			turns = append(turns, u.Bytes)
		}
	}
	return turns
}

// tap passes on what two sides say, until both have closed, and writes it down before it does. It comes to a point when the
// dialing side has said something for the first time.
func tap(me syncpoint.Role, dialer, listener *net.UnixConn) (t transcript) {
	var mutex sync.Mutex
	var both sync.WaitGroup
	pass := func(from, to *net.UnixConn, listener bool) {
		b, heard := make([]byte, 1<<16), false
		for {
			n, err := from.Read(b)
			mutex.Lock()
			if n > 0 {
				t.add(listener, b[:n])
			}
			mutex.Unlock()
			if !listener && !heard {
				heard = true
				me.Reach("heard-dialer")
			}
			to.Write(b[:n])
			if err != nil {
				to.CloseWrite()
				return
			}
		}
	}
	both.Go(func() { pass(dialer, listener, false) })
	both.Go(func() { pass(listener, dialer, true) })
	both.Wait()
	return t
}

const file = "transcript.json"

func (t transcript) save() {
	b, err := json.Marshal(t)
	must(err)
	must(os.WriteFile(file, b, 0o600))
}

func load() (t transcript) {
	b, err := os.ReadFile(file)
	must(err)
	must(json.Unmarshal(b, &t))
	return t
}

// leaked tells whether one of the keys was said.
func (t transcript) leaked() string {
	for _, listener := range []bool{false, true} {
		var all []byte
		for _, b := range t.said(listener) {
			all = append(all, b...)
		}
		for name, key := range keys {
			if len(key) > 8 && holds(all, key) {
				return name
			}
		}
	}
	return "not said"
}

// forms are ways to write a key.
func forms(key []byte) (list []string) {
	return []string{
		string(key), hex.EncodeToString(key), strings.ToUpper(hex.EncodeToString(key)),
		base64.RawStdEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key),
		fmt.Sprint(key), fmt.Sprintf("%q", key),
	}
}

// discard reads until the other side closes.
func discard(from io.Reader) { io.Copy(io.Discard, from) }

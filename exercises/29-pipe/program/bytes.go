package program

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"forklings/exercises/29-pipe"
)

// pattern is a message of n bytes that does not repeat itself. It holds every byte, line breaks and zeros too.
func pattern(n int) []byte {
	b := make([]byte, 0, n+8)
	for x := uint64(n) + 0x9e3779b97f4a7c15; len(b) < n; {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	return b[:n]
}

// numbered is one of many messages of 256 bytes.
func numbered(i int) []byte {
	return binary.BigEndian.AppendUint64(bytes.Repeat([]byte{'.'}, 256-8), uint64(i))
}

// short are a few messages, no two of a size.
func short() (list [][]byte) {
	for n := range 20 {
		list = append(list, pattern(n))
	}
	return append(list, pattern(300), []byte("the last one\n"))
}

// judge says what has become of a message.
func judge(got, want []byte) string {
	same := 0
	for same < min(len(got), len(want)) && got[same] == want[same] {
		same++
	}
	switch {
	case bytes.Equal(got, want):
		return "unchanged"
	case len(got) == 0:
		return "nothing"
	case same > 0 && len(bytes.Trim(got[same:], "\x00")) == 0:
		return "a beginning"
	}
	return "damaged"
}

// compare receives a message and judges it.
func compare(c *pipe.Conn, want []byte) string {
	message, err := c.Receive()
	if err != nil {
		return "an error"
	}
	return judge(message, want)
}

// heard receives the short messages, and judges them all.
func heard(c *pipe.Conn) string {
	for _, m := range short() {
		got, err := c.Receive()
		switch what := judge(got, m); {
		case err != nil:
			return "an error"
		case what != "unchanged" && len(got) > len(m):
			return "joined"
		case what != "unchanged":
			return what
		}
	}
	if end := receive(c); end != "end of file" {
		return "no end"
	}
	return "unchanged"
}

// cutEverywhere cuts off what a message is in the pipe, at every place, and says what is received of it. Whoever puts
// something behind a message that nobody needs may receive it whole.
func cutEverywhere() string {
	message := pattern(40)
	raw := written(message)
	for n := 1; n < len(raw); n++ {
		if n > 100 && n < len(raw)-10 {
			n += len(raw) / 50 // whoever fills up a message to some size would have many places
		}
		got, err := received(raw[:min(n, len(raw)-1)])
		switch {
		case errors.Is(err, io.EOF):
			return "end of file"
		case err == nil && !bytes.Equal(got, message):
			return "a part"
		}
	}
	return "errors"
}

// written is what a message is in the pipe.
func written(message []byte) []byte {
	idle, other, err := os.Pipe()
	must(err)
	defer other.Close()
	r, w, err := os.Pipe()
	must(err)
	c := pipe.New(idle, w)
	must(c.Send(message))
	must(c.Close())
	raw, err := io.ReadAll(r)
	must(err)
	must(r.Close())
	return raw
}

// received is what becomes of these bytes, behind which the pipe ends.
func received(raw []byte) ([]byte, error) {
	other, idle, err := os.Pipe()
	must(err)
	defer other.Close()
	r, w, err := os.Pipe()
	must(err)
	go func() { // perhaps more than fits in
		w.Write(raw)
		w.Close()
	}()
	c := pipe.New(r, idle)
	message, err := c.Receive()
	must(c.Close())
	return message, err
}

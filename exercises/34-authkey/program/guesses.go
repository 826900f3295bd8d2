package program

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"forklings/checker/syncpoint"
	"forklings/exercises/34-authkey"
)

// guesses looks whether the challenges of one side can be guessed. It hears each time the same from the other one, who is not
// there: only what that one has said in a handshake of two who have the key.
func guesses(me syncpoint.Role) {
	t := hear()
	me.Say("foreseen", first(t.foreseen))
	me.Say("few", first(t.few))
	me.Reach("tried")
}

// speaker has both sides talk, several times, and tells whether they say what they have said in an earlier process. It
// notes what they say for the next one.
func speaker(me syncpoint.Role) {
	const notes = "said.json"
	var before struct {
		PID   int
		Heard transcript
		Said  [2][]string
	}
	b, err := os.ReadFile(notes)
	if err == nil {
		must(json.Unmarshal(b, &before))
	} else {
		before.Heard, before.PID = hear().honest, os.Getpid()
	}
	me.Say("pid", map[bool]string{true: "same", false: "another"}[before.PID == os.Getpid()])
	t := &tries{honest: before.Heard}
	again := "nothing"
	for side, name := range []string{"listener", "dialer"} {
		for range 20 {
			said := hex.EncodeToString(t.monologue(side))
			if len(said) >= 16 && slices.Contains(before.Said[side], said) {
				again = "the " + name + " says the same"
			}
			before.Said[side] = append(before.Said[side], said)
		}
	}
	b, err = json.Marshal(before)
	must(err)
	must(os.WriteFile(notes, b, 0o600))
	me.Say("again", again)
	me.Reach("tried")
}

// few tells whether all that changes in what one says comes from a few random bytes: when crypto/rand gives the same
// bytes each time, it says the same each time, and it takes fewer than eight of them.
func (t *tries) few(attacker int) string {
	source := &repeating{}
	rand.Reader, source.Reader = source, rand.Reader
	defer func() { rand.Reader = source.Reader }()
	var before []byte
	for range 20 {
		source.taken.Store(0)
		said := t.monologue(1 - attacker)
		if n := source.taken.Load(); n == 0 || n >= 8 || before != nil && !bytes.Equal(said, before) {
			return ""
		}
		before = said
	}
	return fmt.Sprintf("the challenge is made of %d random bytes", source.taken.Load())
}

// repeating gives the same bytes each time.
type repeating struct {
	io.Reader
	taken atomic.Int64
}

func (r *repeating) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r.taken.Add(1) * 37)
	}
	return len(b), nil
}

// foreseen looks whether a generator that knows nothing but the time, the PID or a small number says the same.
func (t *tries) foreseen(attacker int) string {
	var said []byte
	var began, ended time.Time
	for range 100 { // the time that is known best
		b, from, to := t.timed(1 - attacker)
		if len(b) >= 8 && (said == nil || to.Sub(from) < ended.Sub(began)) {
			said, began, ended = b, from, to
		}
	}
	known := map[[7]byte]bool{} // math/rand makes seven bytes of a number
	for i := range max(0, len(said)-6) {
		known[[7]byte(said[i:])] = true
	}
	says := func(from, to int64) bool {
		for seed := from; seed <= min(to, from+4_000); seed++ {
			source := mathrand.NewSource(seed).(mathrand.Source64)
			var read, number, high, low [8]byte // ways to make bytes of numbers
			for i := range high {
				v := source.Uint64()
				if i == 0 {
					binary.LittleEndian.PutUint64(read[:], v)
					binary.BigEndian.PutUint64(number[:], v)
				}
				high[i], low[i] = byte(v>>32), byte(v)
			}
			if known[[7]byte(read[:])] || known[[7]byte(number[:])] || known[[7]byte(high[:])] || known[[7]byte(low[:])] {
				return true
			}
		}
		return false
	}
	pid := int64(os.Getpid())
	switch {
	case says(began.UnixNano(), ended.UnixNano()),
		says(began.UnixMicro(), ended.UnixMicro()),
		says(began.UnixMilli(), ended.UnixMilli()),
		says(began.Unix(), ended.Unix()):
		return "what a generator says that knows the time"
	case says(pid, pid), says(0, 100):
		return "what a generator says that knows the PID, or a small number"
	}
	return ""
}

// hear listens to a handshake of two who have the key.
func hear() *tries {
	t := &tries{told: "nobody"}
	a := newArena()
	a.patient = true
	a.change = func(side, _ int, b []byte) ([]byte, bool) {
		t.honest.add(side == 0, b)
		return b, false
	}
	a.shake(keys["right"], keys["right"])
	return t
}

// monologue is what one side says to somebody who says the other side's part of the transcript, and nothing more.
func (t *tries) monologue(side int) []byte {
	said, _, _ := t.timed(side)
	return said
}

// timed is a monologue, when it began, and when that side first said something.
func (t *tries) timed(side int) (said []byte, began, spoke time.Time) {
	var conn recital
	for _, b := range t.honest.said(side != 0) {
		conn.heard = append(conn.heard, b...)
	}
	began = time.Now()
	if side == 0 {
		authkey.Accept(&conn, keys["right"])
	} else {
		authkey.Connect(&conn, keys["right"])
	}
	conn.mutex.Lock() // a goroutine of the learner's may still be writing
	defer conn.mutex.Unlock()
	return slices.Clone(conn.said), began, conn.spoke
}

// recital is a connection to somebody who says what was prepared, and listens.
type recital struct {
	mutex sync.Mutex
	heard []byte
	said  []byte
	spoke time.Time
}

func (r *recital) Read(b []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n := copy(b, r.heard)
	if r.heard = r.heard[n:]; n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *recital) Write(b []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.said) == 0 {
		r.spoke = time.Now()
	}
	r.said = append(r.said, b...)
	return len(b), nil
}

package program

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"forklings/checker/syncpoint"
	"forklings/exercises/34-authkey"
)

// tricks are tried in memory, against a listener (0) and against a dialer (1): what needs many handshakes. The attacker has
// heard one handshake of two who have the key, and says its part again, but for what the trick changes. That takes hundreds
// of handshakes for each trick, so it tells after each how far it has come: who works is not taken for one that polls.
func tricks(me syncpoint.Role) {
	t := hear()
	me.Say("repeats", first(t.repeats))
	me.Reach("repeated")
	me.Say("reflected", first(t.reflected))
	me.Reach("reflected")
	me.Say("answered", first(t.answered))
	me.Reach("answered")
	shortened := first(func(attacker int) string { return t.shortened(attacker, 1) })
	me.Reach("shortened")
	for size := 2; size <= 8 && shortened == "nobody"; size *= 2 {
		shortened = first(func(attacker int) string { return t.shortened(attacker, size) })
	}
	me.Say("shortened", shortened)
	t.against(0, garbage)
	t.against(1, garbage)
	if mixed(t.honest) {
		t.told = "everybody, XORed with something else that is said"
	}
	me.Say("told", t.told)
	me.Reach("tried")
}

// tries are all that were made so far.
type tries struct {
	honest transcript
	told   string // to whom the key was said meanwhile
}

// first is what a trick has reached against somebody.
func first(trick func(attacker int) string) string {
	for side, victim := range []string{"the dialer", "the listener"} {
		if how := trick(side); how != "" {
			return victim + ": " + how
		}
	}
	return "nobody"
}

// against lets the attacker talk to the other side, which has the key. It returns whether that one has accepted, and what it has
// said.
func (t *tries) against(attacker int, talk func(end)) (accepted bool, said []byte) {
	var heard []byte
	a := newArena()
	victim := end{a, 1 - attacker}
	a.change = func(side, _ int, b []byte) ([]byte, bool) {
		if side == victim.side {
			heard = append(heard, b...)
		}
		return b, false
	}
	verdict := make(chan error)
	go func() {
		var err error
		if victim.side == 0 {
			err = authkey.Accept(victim, keys["right"])
		} else {
			err = authkey.Connect(victim, keys["right"])
		}
		victim.close()
		verdict <- err
	}()
	e := end{a, attacker}
	talk(e)
	io.Copy(io.Discard, e)
	e.close()
	err := <-verdict
	a.mutex.Lock() // a goroutine of the learner's may still be writing
	defer a.mutex.Unlock()
	if holds(heard, keys["right"]) {
		t.told = "somebody who was refused"
	}
	return err == nil, slices.Clone(heard)
}

func garbage(e end) { e.Write(bytes.Repeat([]byte{0xff}, 1<<10)) }

// recite says one side's part of the transcript. Each turn may be altered, with what the other one has said so far.
func (t *tries) recite(alter func(turn int, b, heard []byte)) func(end) {
	return func(e end) {
		var heard []byte
		turn := 0
		for _, u := range t.honest {
			b := slices.Clone(u.Bytes)
			if u.Listener == (e.side == 0) {
				alter(turn, b, heard)
				turn++
				e.Write(b)
				continue
			}
			n, err := io.ReadFull(e, b)
			heard = append(heard, b[:n]...)
			if err != nil {
				return
			}
		}
	}
}

// reflected sends back a part of what the other one has said: the first or the last bytes of it, as the first or the last ones of
// a turn.
func (t *tries) reflected(attacker int) string {
	for i, mine := range t.honest.said(attacker == 0) {
		for _, n := range []int{len(mine), 16, 20, 32, 43, 44, 48, 64} {
			for way := range 4 {
				accepted, _ := t.against(attacker, t.recite(func(turn int, b, heard []byte) {
					if turn == i && n <= len(b) && n <= len(heard) {
						copy(part(b, n, way&1 == 0), part(heard, n, way&2 == 0))
					}
				}))
				if accepted {
					return fmt.Sprintf("%d bytes of what it said itself", n)
				}
			}
		}
	}
	return ""
}

// part are the last n bytes, or the first ones.
func part(b []byte, n int, last bool) []byte {
	if n = min(n, len(b)); last {
		return b[len(b)-n:]
	}
	return b[:n]
}

// answered puts a part of what the one has said to another one of its kind, as a challenge, and has the answer from there.
func (t *tries) answered(attacker int) string {
	mine, theirs := t.honest.said(attacker == 0), t.honest.said(attacker != 0)
	next := 0 // the turn in which the other one answers
	if t.honest[0].Listener != (attacker == 0) {
		next = 1
	}
	if next >= len(theirs) {
		return ""
	}
	for i := range mine {
		for way := range 4 {
			oracle := func(b, heard []byte) {
				t.against(attacker, func(other end) {
					if next == 1 {
						io.ReadFull(other, make([]byte, len(theirs[0])))
					}
					challenge := slices.Clone(mine[0])
					copy(challenge, part(heard, len(challenge), way&1 == 0))
					other.Write(challenge)
					answer := make([]byte, len(theirs[next]))
					n, _ := io.ReadFull(other, answer)
					copy(b, part(answer[:n], len(b), way&2 == 0))
				})
			}
			accepted, _ := t.against(attacker, t.recite(func(turn int, b, heard []byte) {
				if turn == i {
					oracle(b, heard)
				}
			}))
			if accepted {
				return "an answer of another one of its kind"
			}
		}
	}
	return ""
}

// shortened writes another length, a number of so many bytes, in front of what it says.
func (t *tries) shortened(attacker, size int) string {
	for i := range t.honest.said(attacker == 0) {
		for length := range 68 {
			if size > 1 && length%16 > 4 {
				continue
			}
			for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
				raw := order.AppendUint64(nil, uint64(length))
				accepted, _ := t.against(attacker, t.recite(func(turn int, b, _ []byte) {
					if turn == i {
						copy(b[:min(size, len(b))], part(raw, size, order == binary.AppendByteOrder(binary.BigEndian)))
					}
				}))
				if accepted {
					return fmt.Sprintf("a length of %d in front", length)
				}
			}
		}
	}
	return ""
}

// repeats says the same many times. The other one says something else every time, and more than a few bytes change.
func (t *tries) repeats(attacker int) string {
	var all [][]byte
	for range 200 {
		accepted, said := t.against(attacker, t.recite(func(int, []byte, []byte) {}))
		if accepted {
			return "the answer to a challenge that comes again"
		}
		all = append(all, said)
	}
	// Whoever writes in a goroutine may have refused before it has said all.
	longest := len(slices.MaxFunc(all, func(a, b []byte) int { return len(a) - len(b) }))
	all = slices.DeleteFunc(all, func(said []byte) bool { return len(said) < longest })
	seen := map[string]bool{}
	values := make([]map[byte]bool, longest)
	for _, said := range all {
		if seen[string(said)] {
			return "says the same again"
		}
		seen[string(said)] = true
		for i, b := range said {
			if values[i] == nil {
				values[i] = map[byte]bool{}
			}
			values[i][b] = true
		}
	}
	bits := 0.0
	for _, v := range values {
		bits += math.Log2(float64(len(v)))
	}
	if len(all) > 20 && bits < 60 {
		return fmt.Sprintf("says something else in %.0f bits only", bits)
	}
	return ""
}

// mixed looks for the key XORed with something else that was said.
func mixed(t transcript) bool {
	var all []byte
	for _, u := range t {
		all = append(all, u.Bytes...)
	}
	const size = 8
	key := keys["right"]
	for i := range all {
		for j := range i {
			for k := 0; i+size <= len(all) && k+size <= len(key); k += size {
				n := 0
				for n < size && all[i+n]^all[j+n] == key[k+n] {
					n++
				}
				if n == size {
					return true
				}
			}
		}
	}
	return false
}

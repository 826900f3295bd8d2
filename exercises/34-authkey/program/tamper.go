package program

import (
	"fmt"
	"maps"
	"slices"

	"forklings/checker/syncpoint"
)

// pieces are handshakes in which nothing is wrong.
func pieces(me syncpoint.Role) {
	verdict := func(errs [2]error, lines [2]string) string {
		switch {
		case errs[0] != nil || errs[1] != nil:
			return fmt.Sprint("refused: ", errs)
		case lines != [2]string{line, line}:
			return "lost what follows"
		}
		return "accepted"
	}
	a := newArena()
	a.patient, a.piece = true, 1
	me.Say("bytewise", verdict(a.shake(keys["right"], keys["right"])))
	me.Say("limited", a.limited)
	me.Reach("bytewise")
	for _, name := range []string{"right", "short", "long"} {
		a = newArena()
		a.patient = true
		me.Say("joined", verdict(a.shake(keys[name], keys[name])))
		me.Reach("joined")
	}
}

// withoutKey is a handshake in which one has no key, or both have none. To HMAC, which fills keys up with zeros (RFC 2104), none
// is the same as a byte of zero: who has that can answer whoever takes none for a key.
func withoutKey(me syncpoint.Role) {
	accepted := "nobody"
	none := keys["shorter"]
	for _, k := range [][2][]byte{{none, none}, {keys["right"], none}, {none, keys["right"]}, {nil, nil}, {none, {0}}, {{0}, none}} {
		errs, _ := newArena().shake(k[0], k[1])
		if errs[0] == nil || errs[1] == nil {
			accepted = "somebody"
		}
	}
	me.Say("accepted", accepted)
	me.Reach("tried")
}

// unanswered has no key, and says so to somebody who says nothing, as the listener and as the dialer.
func unanswered(me syncpoint.Role, path string) {
	l := listen(path)
	t := newTally(me)
	for side, point := range []string{"listened", "dialled"} {
		conn := dial(path)
		silent := accept(l)
		t.add(shakeAs(side, conn, nil))
		me.Reach(point)
		conn.Close()
		silent.Close()
	}
}

// tampered plays many handshakes in which somebody in the middle changes what one side says: it spoils a byte or all that comes
// behind some place, cuts it off, or takes something out that could be an answer. It tells what was done when both sides
// accepted that all the same. There is a point behind each kind, so that what a handshake may cost does not add up.
func tampered(me syncpoint.Role) {
	honest, vary := listened()
	for side, name := range []string{"listener", "dialer"} {
		length, accepted := honest.said[side], "nothing"
		try := func(c change, what string, args ...any) {
			if accepted == "nothing" && accepts(side, c) {
				accepted = fmt.Sprintf("what the %s said, ", name) + fmt.Sprintf(what, args...)
			}
		}
		tried := func(point string) {
			me.Say("accepted", accepted)
			me.Reach(point)
		}
		step := max(1, length/100)

		places := slices.Sorted(maps.Keys(vary[side]))
		slices.Reverse(places) // the very last one in any case
		for i := 0; i < len(places); i += max(1, len(places)/100) {
			try(spoilOne(places[i]), "byte %d of %d spoilt", places[i], length)
		}
		for at := 0; at < length-8; at += step {
			try(spoil(at), "spoilt from %d of %d", at, length)
		}
		tried("spoilt")
		for at := 0; at < length-2; at += step {
			try(cut(at), "cut off at %d of %d", at, length)
		}
		tried("cut-off")
		for i, o := range omissions {
			for at := 0; at+o.bytes <= length && at < length-2; at += step {
				try(omit(at, o.bytes, o.zeros), "%d bytes less at %d of %d", o.bytes-o.zeros, at, length)
			}
			if i == len(omissions)/2-1 {
				tried("shortened")
			}
		}
		tried("left-out")
	}
}

// listened is what both sides say in a handshake, and which bytes of that are others in other handshakes: those of challenges
// and answers.
func listened() (honest *arena, vary [2]map[int]bool) {
	vary = [2]map[int]bool{{}, {}}
	before := [2]map[int]byte{{}, {}}
	for range 8 {
		honest = newArena()
		honest.patient = true
		honest.change = func(side, from int, b []byte) ([]byte, bool) {
			for i, c := range b {
				if old, ok := before[side][from+i]; ok && old != c {
					vary[side][from+i] = true
				}
				before[side][from+i] = c
			}
			return b, false
		}
		honest.shake(keys["right"], keys["right"])
	}
	return honest, vary
}

// omissions are answers of 32 bytes behind their length in 1 to 8 bytes, which becomes 0, or in hex or base64.
var omissions = []struct{ bytes, zeros int }{{33, 1}, {34, 2}, {36, 4}, {40, 8}, {32, 0}, {43, 0}, {44, 0}, {64, 0}}

type change func(from int, b []byte) (changed []byte, end bool)

func accepts(side int, c change) bool {
	a := newArena()
	a.change = func(who, from int, b []byte) ([]byte, bool) {
		if who == side {
			return c(from, b)
		}
		return b, false
	}
	errs, _ := a.shake(keys["right"], keys["right"])
	return errs[0] == nil && errs[1] == nil
}

func cut(at int) change {
	return func(from int, b []byte) ([]byte, bool) {
		if from+len(b) > at {
			return b[:max(0, at-from)], true
		}
		return b, false
	}
}

func spoil(at int) change {
	return func(from int, b []byte) ([]byte, bool) {
		for i := range b {
			if from+i >= at {
				b[i] ^= 1
			}
		}
		return b, false
	}
}

// spoilOne changes one byte, to one that no text has.
func spoilOne(at int) change {
	return func(from int, b []byte) ([]byte, bool) {
		if from <= at && at < from+len(b) {
			b[at-from] ^= 0xff
		}
		return b, false
	}
}

// omit takes so many bytes out, and puts some zeros in their place.
func omit(at, bytes, zeros int) change {
	return func(from int, b []byte) (kept []byte, end bool) {
		for i := range b {
			switch place := from + i - at; {
			case place < 0 || place >= bytes:
				kept = append(kept, b[i])
			case place < zeros:
				kept = append(kept, 0)
			}
		}
		return kept, false
	}
}

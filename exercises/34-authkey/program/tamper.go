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
	me.Reach("bytewise")
	for _, name := range []string{"right", "short", "long"} {
		a = newArena()
		a.patient = true
		me.Say("joined", verdict(a.shake(keys[name], keys[name])))
		me.Reach("joined")
	}
}

// withoutKey is a handshake in which one has no key, or both have none.
func withoutKey(me syncpoint.Role) {
	accepted := "nobody"
	none := keys["shorter"]
	for _, k := range [][2][]byte{{none, none}, {keys["right"], none}, {none, keys["right"]}, {nil, nil}} {
		errs, _ := newArena().shake(k[0], k[1])
		if errs[0] == nil || errs[1] == nil {
			accepted = "somebody"
		}
	}
	me.Say("accepted", accepted)
	me.Reach("tried")
}

// tampered plays many handshakes in which somebody in the middle changes what one side says: it cuts it off, spoils all that
// comes behind some place, or takes something out that could be an answer. It tells what was done when both sides accepted
// that all the same.
func tampered() string {
	honest, vary := listened()
	for side, name := range []string{"listener", "dialer"} {
		length := honest.said[side]
		places := slices.Sorted(maps.Keys(vary[side]))
		slices.Reverse(places) // the very last one in any case
		for i := 0; i < len(places); i += max(1, len(places)/100) {
			at := places[i]
			if accepts(side, spoilOne(at)) {
				return fmt.Sprintf("what the %s said, byte %d of %d spoilt", name, at, length)
			}
		}
		for at := 0; at < length-2; at += max(1, length/100) {
			if accepts(side, cut(at)) {
				return fmt.Sprintf("what the %s said, cut off at %d of %d", name, at, length)
			}
			if at < length-8 && accepts(side, spoil(at)) {
				return fmt.Sprintf("what the %s said, spoilt from %d of %d", name, at, length)
			}
			for _, o := range omissions {
				if at+o.bytes <= length && accepts(side, omit(at, o.bytes, o.zeros)) {
					return fmt.Sprintf("what the %s said, %d bytes less at %d of %d", name, o.bytes-o.zeros, at, length)
				}
			}
		}
	}
	return "nothing"
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

package program

import (
	"bytes"
	"fmt"

	"forklings/checker/syncpoint"
)

// alike are pairs of keys that are not the same bytes. HMAC takes none of them for the same (RFC 2104).
var alike = [][2]string{
	{"a key", "a key\n"}, {"a key", " a key"}, {"a key", "\ta key \r\n"}, {"a key", "akey"}, // blanks
	{"a key", "A KEY"}, {"1", "01"}, {"\x01", "01"}, {"6b", "k"}, {"aw==", "k"}, // another way to write it
	{"\xff key", "\xfe key"},            // no text in UTF-8, both of them
	{"a\x00key", "a\x00lock"},           // the same to who stops at a byte of zero
	{"first", "second"}, {"first", "f"}, // a part of it
	{string(bytes.Repeat([]byte("0123456789abcdef"), 4)) + "x", string(bytes.Repeat([]byte("0123456789abcdef"), 4)) + "y"},
	{string(keys["long"]), string(keys["long"]) + "!"},
	{string(keys["right"]), string(keys["right"]) + "!"},
}

// lookalikes are handshakes of two whose keys are nearly the same, and of two whose keys are and look odd.
func lookalikes(me syncpoint.Role) {
	taken, refused := "none", "none"
	for _, pair := range alike {
		for i := range pair {
			errs, _ := newArena().shake([]byte(pair[i]), []byte(pair[1-i]))
			if errs[0] == nil || errs[1] == nil {
				taken = fmt.Sprintf("%.20q and %.20q", pair[i], pair[1-i])
			}
			a := newArena()
			a.patient = true
			if errs, _ := a.shake([]byte(pair[i]), []byte(pair[i])); errs[0] != nil || errs[1] != nil {
				refused = fmt.Sprintf("%.20q", pair[i])
			}
		}
	}
	for _, blank := range []string{" ", "\n", "\x00\x01", "\xff"} {
		a := newArena()
		a.patient = true
		if errs, _ := a.shake([]byte(blank), []byte(blank)); errs[0] != nil || errs[1] != nil {
			refused = fmt.Sprintf("%q", blank)
		}
	}
	me.Say("taken", taken)
	me.Say("refused", refused)
	me.Reach("tried")
}

package program

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// odd is an item that looks like several, or like the end of one.
const odd = "\x00\x00\x00\x01one\nzwei\xff\r\n\n"

var (
	small = regexp.MustCompile(`^item \w+$`)
	sized = regexp.MustCompile(`^(\d+)([KM])B(\.\w+)?$`)
)

// content gives the bytes of the item of that name: item a, or so many that 1MB or 64KB.b has.
func content(name string) []byte {
	m := sized.FindStringSubmatch(name)
	switch {
	case name == "blank":
		return nil
	case name == "odd":
		return []byte(odd)
	case m == nil:
		return []byte("item " + name)
	}
	made.Lock()
	defer made.Unlock()
	item := made.items[name]
	if item == nil {
		size, _ := strconv.Atoi(m[1])
		size <<= map[string]int{"K": 10, "M": 20}[m[2]]
		item = append(make([]byte, 0, size+8), name+"\n"...)
		for x := uint64(len(name)); len(item) < size; {
			x = x*6364136223846793005 + 1442695040888963407
			item = binary.BigEndian.AppendUint64(item, x)
		}
		made.items[name] = item[:size]
	}
	return slices.Clone(made.items[name])
}

// made are the big items that were needed so far.
var made = struct {
	sync.Mutex
	items map[string][]byte
}{items: map[string][]byte{}}

// name tells which item the bytes are, or in which way they are none.
func name(item []byte) string {
	first, _, _ := strings.Cut(string(item[:min(len(item), 20)]), "\n")
	switch {
	case len(item) == 0:
		return "blank"
	case string(item) == odd:
		return "odd"
	case small.Match(item):
		return strings.TrimPrefix(string(item), "item ")
	case sized.MatchString(first) && bytes.Equal(item, content(first)):
		return first
	case sized.MatchString(first) && bytes.HasPrefix(content(first), item):
		return "cut"
	case strings.HasPrefix(odd, string(item)):
		return "cut"
	case bytes.HasPrefix(item, []byte("item ")):
		return "joined"
	}
	return "torn"
}

package explore

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"forklings/checker/lang"
)

// Order writes down a run, so that it can be repeated: a letter for the process that has the turn and how often in a
// row, a capital one for a process that is killed, and a checksum of what they did.
func Order(run []Step) string {
	var b strings.Builder
	for i := 0; i < len(run); {
		n := 1
		for i+n < len(run) && run[i+n].Choice == run[i].Choice {
			n++
		}
		first := 'a'
		if run[i].Kill {
			first = 'A'
		}
		b.WriteRune(first + rune(run[i].Who))
		if n > 1 {
			fmt.Fprint(&b, n)
		}
		i += n
	}
	return b.String() + "-" + sum(run)
}

func sum(run []Step) string {
	h := fnv.New32a()
	for _, s := range run {
		fmt.Fprintf(h, "%d %s\n", s.Who, s.Op.What)
	}
	return fmt.Sprintf("%08x", h.Sum32())
}

// Same reports whether a run did what the order says; otherwise it was of another attempt.
func Same(run []Step, order string) bool {
	_, want, _ := strings.Cut(order, "-")
	return sum(run) == want
}

// Parse reads what Order has written.
func Parse(order string) (p Plan, err error) {
	turns, _, ok := strings.Cut(order, "-")
	wrong := lang.Errorf("%q is no order of turns", order)
	if !ok || turns == "" {
		return p, wrong
	}
	for turns != "" {
		var c Choice
		switch first := turns[0]; {
		case first >= 'a' && first <= 'z':
			c.Who = int(first - 'a')
		case first >= 'A' && first <= 'Z':
			c.Who, c.Kill = int(first-'A'), true
		default:
			return p, wrong
		}
		rest := strings.TrimLeft(turns[1:], "0123456789")
		n := 1
		if digits := turns[1 : len(turns)-len(rest)]; digits != "" {
			if n, err = strconv.Atoi(digits); err != nil || n < 1 || n > 10000 {
				return p, wrong
			}
		}
		for range n {
			p.Prefix = append(p.Prefix, c)
		}
		turns = rest
	}
	return p, nil
}

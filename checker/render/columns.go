package render

import (
	"slices"
	"strconv"
	"strings"

	"forklings/checker/result"
)

const (
	comfortable, words  = 32, 26 // what the last column's text has with equal columns, and what it has at least
	narrowest, broadest = 8, 16
	mostOfEvent         = 3 // lines of one event are shown, unless all of it is wanted or they are short
)

// layout is how wide each process's column is, but for the last, which has the rest; nil when there is no room for all of them.
// They are equal where the names allow it.
func layout(cast []string, room int) (widths []int) {
	n := len(cast) - 1
	if n*narrowest > room-words {
		return nil
	}
	widths = make([]int, n)
	equal, sum, fit := broadest, 0, true
	if n > 0 {
		equal = min(max((room-comfortable)/n, narrowest), broadest)
	}
	for i := range widths {
		widths[i] = min(max(Width(cast[i])+2, narrowest), broadest)
		sum += widths[i]
		fit = fit && widths[i] <= equal
	}
	if fit {
		for i := range widths {
			widths[i] = equal
		}
		return widths
	}
	for ; sum > room-words; sum-- {
		widths[slices.Index(widths, slices.Max(widths))]--
	}
	return widths
}

// heads writes a line with the names, and one with the PIDs, as far as they are known; where there is no table, more. It gives their
// number.
func (p *printer) heads(indent string, events []result.Event, cast []string, widths []int, room int) (written int) {
	pids, known := make([]string, len(cast)), false
	for _, e := range events {
		if i := slices.Index(cast, e.Who); e.PID > 0 && pids[i] == "" {
			pids[i], known = strconv.Itoa(e.PID), true
		}
	}
	row := func(head string, cells []string, paint func(string) string) {
		written++
		line := ""
		for i, cell := range cells {
			if i == len(cells)-1 {
				line += cell
			} else {
				line += Pad(p.name(cell, widths[i]-1), widths[i])
			}
		}
		p.line("%s%s  %s", indent, p.dim(strings.Repeat(" ", max(7-Width(head), 0))+head), paint(p.short(line, room)))
	}
	ms, pid := p.Lang.Text("ms"), "PID"
	if widths != nil {
		row(ms, cast, p.bold)
		if known {
			row(pid, pids, p.dim)
		}
		return written
	}
	row(ms, nil, p.bold)
	if !known {
		return written
	}
	var all []string
	for i, who := range cast {
		if pids[i] != "" {
			all = append(all, who+" "+pids[i])
		}
	}
	lines := wrapLong(strings.Join(all, p.Lang.Text(", ")), room)
	if len(lines) > mostOfEvent && !p.Full {
		lines = append(lines[:mostOfEvent-1:mostOfEvent-1], p.short(strings.Join(lines[mostOfEvent-1:], " "), room))
	}
	for i, line := range lines {
		row([]string{pid, ""}[min(i, 1)], []string{line}, p.dim)
	}
	return written
}

// told is what an event says, in lines. Unless all of it is wanted, paths that are too long have lost their beginning, and what is
// still long its end.
func (p *printer) told(text string, room int) []string {
	if p.Full {
		return wrapLong(text, room)
	}
	var all []string
	for _, word := range strings.Fields(keepBlanks(text)) {
		all = append(all, p.tail(word, room))
	}
	lines := wrapLong(strings.Join(all, " "), room)
	if len(lines) > mostOfEvent && room >= words {
		lines = append(lines[:mostOfEvent-1:mostOfEvent-1], p.short(strings.Join(lines[mostOfEvent-1:], " "), room))
	}
	return lines
}

// tail cuts folders off the beginning of a path that is too long, and shows that.
func (p *printer) tail(word string, room int) string {
	mark := p.plain(ellipsis)
	begin := strings.Index(word, "/")
	if Width(word) <= room || begin < 0 {
		return word
	}
	for i := begin + 1; i < len(word); i++ {
		if short := word[:begin] + mark + word[i:]; word[i] == '/' && Width(short) <= room {
			return short
		}
	}
	return word
}

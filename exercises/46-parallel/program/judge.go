package program

import (
	"fmt"
	"os"
	"time"

	"forklings/checker/syncpoint"
	parallel "forklings/exercises/46-parallel"
)

// judged is records, with what they are records of.
type judged struct {
	way     parallel.Way
	records []parallel.Record
}

// cases are made when they are asked for: what is made for a variable, every exercise's program makes when it starts.
func cases() []judged {
	all := []judged{
		{parallel.WasSerial, nil},
		{parallel.WasSerial, []parallel.Record{record(0, 9, 1, 3, 5, 8)}},
		// A B C, each at the other's end, and the same in another order
		{parallel.WasSerial, []parallel.Record{record(0, 10, 1, 10), record(10, 20, 10, 20), record(20, 30, 20, 29)}},
		{parallel.WasSerial, []parallel.Record{record(20, 30, 20, 29), record(0, 10, 1, 10), record(10, 20, 10, 20)}},
		// in turns on one CPU
		{parallel.WasConcurrent, []parallel.Record{record(0, 30, 1, 4, 10, 13), record(1, 31, 4, 7, 13, 16), record(2, 32, 7, 10, 16, 19)}},
		// one waits, and another one works; nobody works; one is in progress within the other; only the first and the last meet
		{parallel.WasConcurrent, []parallel.Record{record(0, 30), record(10, 20, 10, 20)}},
		{parallel.WasConcurrent, []parallel.Record{record(0, 30), record(29, 40)}},
		{parallel.WasConcurrent, []parallel.Record{record(0, 30, 0, 10, 20, 30), record(10, 20, 10, 20)}},
		{parallel.WasConcurrent, []parallel.Record{record(0, 10, 0, 5), record(20, 30, 20, 25), record(9, 15, 12, 14)}},
		// at the same moment: late, within, all along, and in another order
		{parallel.WasParallel, []parallel.Record{record(0, 30, 0, 4, 10, 13, 20, 24), record(1, 31, 4, 8, 13, 16, 23, 26)}},
		{parallel.WasParallel, []parallel.Record{record(0, 30, 0, 30), record(10, 20, 15, 16)}},
		{parallel.WasParallel, []parallel.Record{record(10, 20, 15, 16), record(0, 30, 0, 30)}},
		{parallel.WasParallel, []parallel.Record{record(0, 10, 0, 10), record(0, 10, 0, 10)}},
		{parallel.WasParallel, []parallel.Record{record(0, 10, 2, 9), record(20, 30, 22, 29), record(5, 15, 8, 12)}},
		// the first span of the one and the last of the other
		{parallel.WasParallel, []parallel.Record{record(0, 30, 0, 2, 4, 6, 20, 30), record(0, 30, 7, 8, 9, 10, 11, 25)}},
		{parallel.WasParallel, []parallel.Record{record(0, 30, 15, 30), record(0, 30, 0, 5, 6, 10, 14, 16)}},
		// for a nanosecond, and for none
		{parallel.WasParallel, []parallel.Record{short(0, 100, 10, 51), short(0, 100, 50, 90)}},
		{parallel.WasConcurrent, []parallel.Record{short(0, 100, 10, 50), short(0, 100, 50, 90)}},
		{parallel.WasConcurrent, []parallel.Record{short(0, 100), short(99, 200)}},
		{parallel.WasSerial, []parallel.Record{short(100, 200, 100, 150), short(0, 100, 10, 100)}},
	}

	// two of the three are in turns, and the third one meets the first: in each order of the three that is in parallel
	turns, within, meeting := record(0, 100, 0, 10, 20, 30), record(0, 100, 10, 20), record(0, 100, 25, 28)
	for _, records := range [][]parallel.Record{
		{turns, within, meeting}, {turns, meeting, within}, {within, turns, meeting},
		{within, meeting, turns}, {meeting, turns, within}, {meeting, within, turns},
	} {
		all = append(all, judged{parallel.WasParallel, records})
	}
	return all
}

func record(from, to int, onCPU ...int) parallel.Record {
	r := parallel.Record{Progress: span(from, to)}
	for i := 0; i < len(onCPU); i += 2 {
		r.OnCPU = append(r.OnCPU, span(onCPU[i], onCPU[i+1]))
	}
	return r
}

// short is a record in nanoseconds.
func short(from, to int, onCPU ...int) parallel.Record {
	r := record(from, to, onCPU...)
	r.Progress = nanoseconds(r.Progress)
	for i := range r.OnCPU {
		r.OnCPU[i] = nanoseconds(r.OnCPU[i])
	}
	return r
}

func nanoseconds(s parallel.Span) parallel.Span {
	return parallel.Span{From: s.From / time.Millisecond, To: s.To / time.Millisecond}
}

// judge says how the learner's function judges the cases.
func judge(me syncpoint.Role) {
	said := "right"
	for _, c := range cases() {
		before := fmt.Sprintf("%+v", c.records)
		got := parallel.Judge(c.records...)
		if after := fmt.Sprintf("%+v", c.records); after != before {
			fmt.Fprintf(os.Stderr, "%s became %s\n", before, after)
			said = "changed"
			break
		}
		if got == c.way {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s, not %s: %+v\n", got, c.way, c.records)
		switch {
		case got == parallel.WasParallel && c.way == parallel.WasConcurrent:
			said = "too-much"
		case said == "right":
			said = "wrong"
		}
	}
	me.Say("judged", said)
	me.Reach("decided")
}

func span(from, to int) parallel.Span {
	return parallel.Span{From: time.Duration(from) * time.Millisecond, To: time.Duration(to) * time.Millisecond}
}

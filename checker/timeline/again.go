package timeline

import (
	"slices"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Limits of what is told once: so many events in turn, at least so often.
const (
	mostInTurn = 5
	oftenAgain = 3
	manyMixed  = 12 // events of a few kinds in no order, as of several threads
)

// again tells once what one process does in the same way again and again, such as to look whether a file is there.
func again(events []result.Event, l lang.Lang) (out []result.Event) {
	for i := 0; i < len(events); {
		n, times := repeated(events[i:])
		if times < oftenAgain {
			n, times = 0, 0
		}
		if kinds, all := mixed(events[i:]); all >= n*times+manyMixed {
			out = append(out, kinds...)
			last := events[i+all-1]
			out = append(out, result.Event{
				Microseconds: last.Microseconds, Who: last.Who, PID: last.PID, What: l.Sprintf("goes on like that, %d times in all", all),
			})
			i += all
			continue
		}
		if times == 0 {
			out = append(out, events[i])
			i++
			continue
		}
		out = append(out, events[i:i+n]...)
		last := events[i+n*times-1]
		out = append(out, result.Event{
			Microseconds: last.Microseconds, Who: last.Who, PID: last.PID, What: l.Sprintf("does the same %d times more", times-1),
		})
		i += n * times
	}
	return out
}

// repeated is how often the first n events come in a row, for the n with which most are told at once.
func repeated(events []result.Event) (n, times int) {
	for length := 1; length <= min(mostInTurn, len(events)); length++ {
		count := 1
		for (count+1)*length <= len(events) && slices.EqualFunc(events[:length], events[count*length:(count+1)*length], alike) {
			count++
		}
		one := !slices.ContainsFunc(events[:length], func(e result.Event) bool { return e.Who != events[0].Who })
		if one && count >= oftenAgain && count*length > n*times {
			n, times = length, count
		}
	}
	return n, times
}

// mixed is how many events in a row are of a few kinds, in no order, and the first of each kind.
func mixed(events []result.Event) (kinds []result.Event, all int) {
	for _, e := range events {
		if e.Who != events[0].Who || !alike(e, e) {
			break
		}
		if !slices.ContainsFunc(kinds, func(k result.Event) bool { return alike(k, e) }) {
			if len(kinds) == mostInTurn {
				break
			}
			kinds = append(kinds, e)
		}
		all++
	}
	if again := slices.ContainsFunc(events[1:max(all, 1)], func(e result.Event) bool { return alike(events[0], e) }); !again {
		return nil, 0 // it only comes before what is done again and again
	}
	return kinds, all
}

func alike(a, b result.Event) bool {
	return a.Who == b.Who && a.PID == b.PID && a.What == b.What && a.Kind == b.Kind && !a.Decides && !b.Decides &&
		!slices.Contains([]result.Kind{result.Point, result.Held, result.Calls}, a.Kind)
}

package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// each is how many items each of the two goroutines of a process puts or gets in hundreds.
const each = 300

// stream puts or gets so many items of that name, one after the other.
func (u *user) stream(what string, times int, item string) {
	for range times {
		if what == "puts" {
			must(u.q.Put(content(item)))
			continue
		}
		got, err := u.q.Get()
		must(err)
		if got := name(got); got != item {
			u.me.Say("took", got)
			u.me.Reach("misled")
		}
	}
	u.me.Say("took", "all")
}

// hundreds puts or gets in two goroutines, as fast as it can. What was got is written to a file for tally, and looked at only when
// all is there: so it does not depend on who comes first whether an item's bytes are overwritten by those of a later one.
func (u *user) hundreds(what string) {
	var both sync.WaitGroup
	for _, goroutine := range []string{"x", "y"} {
		both.Go(func() {
			var items [][]byte
			for i := range each {
				if what == "put" {
					must(u.q.Put(content(fmt.Sprint(u.me, goroutine, i))))
					continue
				}
				item, err := u.q.Get()
				must(err)
				items = append(items, item)
			}
			if what == "get" {
				var got strings.Builder
				for _, item := range items {
					fmt.Fprintln(&got, name(item))
				}
				must(os.WriteFile(fmt.Sprint(".kit/got.", u.me, goroutine), []byte(got.String()), 0o600))
			}
		})
	}
	both.Wait()
}

// tally tells whether what was got by all is what was put by one, two and three, each item once, and for everybody in order.
func tally() string {
	files, _ := filepath.Glob(".kit/got.*")
	times := map[string]int{}
	for _, file := range files {
		got, err := os.ReadFile(file)
		must(err)
		last := map[string]int{}
		for item := range strings.Lines(string(got)) {
			item = strings.TrimSuffix(item, "\n")
			times[item]++
			putter := strings.TrimRight(item, "0123456789")
			i := -1
			fmt.Sscan(strings.TrimPrefix(item, putter), &i)
			if before, ok := last[putter]; ok && i < before {
				return fmt.Sprintf("%s%d before %s", putter, before, item)
			}
			last[putter] = i
		}
	}
	for _, process := range []string{"one", "two", "three"} {
		for _, goroutine := range []string{"x", "y"} {
			for i := range each {
				item := fmt.Sprint(process, goroutine, i)
				if n := times[item]; n != 1 {
					return fmt.Sprintf("%s came out %d times", item, n)
				}
			}
		}
	}
	return "each once"
}

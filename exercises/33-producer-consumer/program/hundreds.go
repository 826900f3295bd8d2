package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// numbered gives an item of 1000 bytes.
func numbered(i int) string { return fmt.Sprintf("%04d", i) + strings.Repeat("x", 996) }

// each is how many items each of the two goroutines of a process puts or gets in hundreds.
const each = 300

// hundreds puts or gets in two goroutines, as fast as it can. What was got is kept in a file for tally.
func (u *user) hundreds(what string) {
	var both sync.WaitGroup
	for _, goroutine := range []string{"x", "y"} {
		both.Go(func() {
			var got strings.Builder
			for i := range each {
				if what == "put" {
					must(u.b.Put(content(fmt.Sprint(u.me, goroutine, i))))
					continue
				}
				item, err := u.b.Get()
				must(err)
				fmt.Fprintln(&got, strings.TrimPrefix(item, "item "))
				must(u.b.Done())
			}
			if what == "get" {
				must(os.MkdirAll(".kit", 0o700))
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

// stream puts or gets so many items of 1000 bytes, one after the other.
func (u *user) stream(what string, times int) {
	for i := range times {
		if what == "puts-all" {
			must(u.b.Put(numbered(i)))
			continue
		}
		item, err := u.b.Get()
		must(err)
		if item != numbered(i) {
			u.me.Say("took", fmt.Sprintf("%.20q as number %d", item, i))
			u.me.Reach("misled")
		}
	}
	u.me.Say("took", "all")
}

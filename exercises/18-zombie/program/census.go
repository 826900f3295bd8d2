package program

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/18-zombie"

	"golang.org/x/sys/unix"
)

// many are more than one buffer of a file in /proc holds, or than anybody has room for by chance.
const many = 70

// keepsOpen calls f often, and says whether as many descriptors are open afterwards. What is opened once is for all calls.
func keepsOpen(f func() ([]zombie.Zombie, error)) string {
	const often = 3 // more would cost much where there are many processes
	before := descriptors()
	for range often {
		_, err := f()
		must(err)
	}
	if descriptors() >= before+often {
		return "descriptors"
	}
	return "nothing"
}

func descriptors() int {
	files, err := os.ReadDir("/proc/self/fd")
	must(err)
	return len(files)
}

// takeCensus lists the zombies twice, clears them, and lists them again.
func takeCensus(me syncpoint.Role) {
	list(me)
	me.Reach("listed")
	list(me)
	me.Reach("listed-again")
	before := childrensFaults()
	cleared, err := zombie.Clear()
	must(err)
	if len(cleared) == 0 {
		me.Say("clearing-started", started(before))
	}
	c := count(cleared)
	me.Say("cleared-living", c.living)
	me.Say("cleared", c.all)
	me.Say("cleared-codes", c.codes)
	me.Say("cleared-number", c.number)
	me.Reach("cleared")
	list(me)
	me.Reach("listed-after")
}

func list(me syncpoint.Role) {
	before := childrensFaults()
	zombies, err := zombie.List()
	must(err)
	me.Say("listing-started", started(before))
	c := count(zombies)
	me.Say("strangers", c.strangers)
	me.Say("living", c.living)
	me.Say("doubled", c.doubled)
	me.Say("listed", c.zombies)
	if slices.Contains(strings.Fields(c.zombies), "zero") {
		me.Say("plain", "listed") // beside others, whose names are odd
	}
	me.Say("codes", c.codes)
	me.Say("number", c.number)
}

// childrensFaults are the page faults of all children that were waited for (getrusage(2)). Each process has some.
func childrensFaults() int64 {
	var usage unix.Rusage
	must(unix.Getrusage(unix.RUSAGE_CHILDREN, &usage))
	return usage.Minflt + usage.Majflt
}

// started says whether a child has been started and waited for since.
func started(before int64) string {
	if childrensFaults() == before {
		return "nothing"
	}
	return "a process"
}

// counted is a list of zombies in the scenario's words.
type counted struct {
	strangers string // not this process's children
	living    string // this process's children, and no zombies
	zombies   string // this process's children otherwise
	codes     string // the same, with their codes
	doubled   string // those of them that are there more than once
	all       string // the three of them
	number    int    // how many they are, each of them counted once
}

func count(list []zombie.Zombie) (c counted) {
	var strangers, living, zombies, codes, doubled []string
	distinct := map[int]bool{}
	for _, z := range list {
		name := known[z.PID]
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", z.PID)) // not there: it was cleared
		switch {
		case name == "":
			strangers = append(strangers, fmt.Sprintf("PID %d", z.PID))
			continue
		case err == nil && len(state) > 0 && !isZombie(z.PID):
			living = append(living, name)
			continue
		}
		if distinct[z.PID] {
			doubled = append(doubled, name)
		} else {
			distinct[z.PID] = true
			c.number++
		}
		zombies = append(zombies, name)
		codes = append(codes, fmt.Sprintf("%s=%d", name, z.Code))
	}
	c.all = text(slices.Concat(strangers, living, zombies))
	c.strangers, c.living, c.zombies, c.codes, c.doubled = text(strangers), text(living), text(zombies), text(codes), text(doubled)
	return c
}

// text is a list in the order of the alphabet.
func text(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

package program

import (
	"os"
	"strings"

	"forklings/exercises/03-runner"
)

// Counter changes itself. Its prototype is not empty.
type Counter struct {
	N, Step int
	Notes   map[string]string
	Tags    []string
	secret  string
}

func prototype() *Counter {
	return &Counter{Step: 5, Notes: map[string]string{"from": "the prototype"}, Tags: []string{"prototype"}, secret: "prototype"}
}

// Run adds the step.
func (c *Counter) Run() {
	child.Say("type", "counter")
	child.Say("prototype", c.fromPrototype())
	c.N += c.Step
	child.Say("n", c.N)
	child.Reach("running")
}

// fromPrototype names the fields in which something of the prototype is seen.
func (c *Counter) fromPrototype() string {
	var names []string
	if c.Step == prototype().Step {
		names = append(names, "Step")
	}
	if c.Notes["from"] != "" {
		names = append(names, "Notes")
	}
	if len(c.Tags) > 0 {
		names = append(names, "Tags")
	}
	if c.secret != "" {
		names = append(names, "secret")
	}
	if names == nil {
		return "unseen"
	}
	return strings.Join(names, " ")
}

// Failing does not come to the end of its Run.
type Failing struct{ How string }

// Run exits 3, or panics.
func (f *Failing) Run() {
	if f.How == "exits" {
		os.Exit(3)
	}
	panic("Run panics, as it was asked to")
}

// Nesting does in a child what a parent does.
type Nesting struct{ Role string }

// Run starts this program in the given role, as anybody may, and then a runner.
func (n *Nesting) Run() {
	child.Reach("nesting")
	if n.Role == "" {
		return // these are not the fields of a Nesting, and it would never end
	}
	must(runAgain(n.Role))
	p := runner.New(&Counter{N: 41, Step: 1})
	must(p.Start())
	must(p.Join())
	child.Reach("nested")
}

// Stranger is registered nowhere.
type Stranger struct{ N int }

// Run is never called.
func (s *Stranger) Run() { child.Reach("running") }

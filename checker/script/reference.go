package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"forklings/checker/history"
)

// Reference is the page about the language, made from Verbs and Facts.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# The language of the scenarios

A scenario is a file in an exercise's testdata folder. Its first comment says in a sentence what it shows. A
process is named by the script that starts it, or by the role in which it first announces a point (the second
of that role is ROLE.2). A point that a script names for a process holds it there until release; at all other
points it passes.

## Verbs

| verb | what it does |
|---|---|
`)
	for _, name := range slices.Sorted(maps.Keys(Verbs)) {
		v := Verbs[name]
		fmt.Fprintf(&b, "| `%s %s` | %s |\n", name, v.Args, v.Says)
	}
	b.WriteString("\n## Facts\n\n`not FACT` is the opposite. A fact that may lapse is read when everything is at rest.\n\n| fact | what it means | may lapse |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(Facts)) {
		w := Facts[name]
		says := w.Note
		if says == "" {
			says = strings.TrimPrefix(fmt.Sprintf(strings.ReplaceAll(w.Says.String(), "%s", "%[1]s"), "…"), "… ")
		}
		lapses := ""
		if w.Lapses {
			lapses = "yes"
		}
		if w.IfOnly {
			says += " (only behind `else MISTAKE if`)"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", strings.TrimSpace(name+" "+w.Args), says, lapses)
	}
	b.WriteString(histories)
	for _, name := range slices.Sorted(maps.Keys(history.Models)) {
		m := history.Models[name]
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.TrimSpace(name+" "+m.Args), m.Says)
	}
	b.WriteString(exploring)
	return b.String()
}

const histories = `
## Histories

A program says when it begins to do something with an object that several processes share, and what came back
(syncpoint.Call). Both are noted before it goes on, so each operation lies between the two. ` + "`check OBJECT linearizable MODEL`" + `
asks whether one object of that kind can have answered so, one operation after the other: at most 300 operations, in any
number of processes. One that has not come back, perhaps because its process was killed, may have had its effect or not.
One that returned something else than the model names has had none. The page of ` + "`checker trace -o FILE.html`" + ` shows it.

| model | what it is |
|---|---|
`

const exploring = `
## Exploring

From ` + "`explore`" + ` on, a process waits for its turn before each operation of the kinds that it names: ` + "`files`" + ` (open, read, write,
rename, link, remove, cut, make a folder, look, below the scenario's folder; close where there are locks), ` + "`locks`" + ` (flock, and
locks of fcntl), ` + "`life`" + ` (kill, setpgid, setsid, wait, exit), ` + "`points`" + ` (sync points, for what the tracer does not see). The
scenario is played in every order with at most one preemption, then in up to 40 with two and in 12 at random, until one
breaks it. That one is played once more: if the processes do not do the same again, there is no verdict.

Of those with two preemptions and at random, one is passed over when it is known what comes of it: when it differs from others,
that were right, in nothing but which of two operations came first that do not depend on each other.

What a program does in one order may be open, such as what comes first in a map, or which of its threads: the order is then
tried again, four times, and after that taken as it comes. When most orders end like that, it is an error.

A process that waits for a lock or a child is passed over, and one that looks in vain or naps lets the others go first.
When nobody can go on, that is a deadlock: the condition ` + "`not polling`" + `. When all only look in vain, or a thousand turns
lead nowhere, it is none: ` + "`polling`" + `. A condition without a name is about everybody.

With ` + "`alike`" + `, processes that were started in the same role with the same arguments can stand for each other: of two orders
that differ only in their names one is tried, so what is checked afterwards must not depend on who is who. With
` + "`kills NAME`" + ` that process is also killed, once in an order, at every place that it can come to.

Not covered: pipes, sockets and memory that processes share (put sync points around what matters); in which order
the threads of one process do such operations;
naps by other means than time.Sleep and clock_nanosleep, epoll_pwait with a timeout. It needs ptrace: without it
the scenario is skipped, and others must find the same mistakes.
`

package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
			says = strings.TrimPrefix(fmt.Sprintf(strings.ReplaceAll(w.Says, "%s", "%[1]s"), "…"), "… ")
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
	return b.String()
}

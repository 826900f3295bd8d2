package outline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// A table stands in a README between its begin and its end.
const (
	begin = "<!-- %s: made by `checker generate` from " + kit.ChaptersFile + " -->\n"
	end   = "<!-- end of %s -->\n"
)

// modules are those of Python's that have a section of their own; the others share the last one.
var modules = []string{"multiprocessing", "threading", "os", "subprocess"}

// Readme is the top README of a language with its tables drawn anew, and its path in the kit. Without such a file the text is
// nil. A README without the places for the tables is an error.
func Readme(k *kit.Kit, l lang.Lang) (name string, text []byte, err error) {
	name = "README.md"
	if l != lang.English {
		name = "README." + string(l) + ".md"
	}
	have, err := os.ReadFile(filepath.Join(k.Root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return name, nil, nil
	}
	if err != nil {
		return name, nil, err
	}
	chapters, err := k.Chapters()
	if err != nil {
		return name, nil, err
	}
	source, err := k.ChaptersSource()
	if err != nil {
		return name, nil, err
	}
	course, err := courseTable(chapters, l)
	if err != nil {
		return name, nil, err
	}
	filled := string(have)
	for _, table := range []struct{ key, text string }{{"course", course}, {"calls", callTables(chapters, source.Without, l)}} {
		from, to := fmt.Sprintf(begin, table.key), fmt.Sprintf(end, table.key)
		head, rest, ok := strings.Cut(filled, from)
		_, tail, closed := strings.Cut(rest, to)
		if !ok || !closed {
			return name, nil, fmt.Errorf("%s has no place for a table: put the lines %q and %q where it is to stand", name, strings.TrimSpace(from), strings.TrimSpace(to))
		}
		filled = head + from + table.text + to + tail
	}
	return name, []byte(filled), nil
}

// courseTable has a row for every exercise, with its title and what it is in Python.
func courseTable(chapters []kit.Chapter, l lang.Lang) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "| | %s | %s |\n|---|---|---|\n", l.Text("exercise"), l.Text("in Python"))
	for _, c := range chapters {
		fmt.Fprintf(&b, "| **%s** | | |\n", Title(c, l))
		for _, t := range c.Topics {
			about, err := t.About(l)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "| %d | %s%s%s | %s |\n", t.Number, link(t.Exercise, l), l.Text(": "), cell(about), cell(t.Python.In(l)))
		}
	}
	return b.String(), nil
}

// Title is the chapter's title; exercises that no chapter names have one, too.
func Title(c kit.Chapter, l lang.Lang) string {
	if c.Number == 0 {
		return l.Text("Others")
	}
	return c.Title.In(l)
}

// callTables tell which exercise is about which call of Python's library; calls of one module with the same exercises share a row.
func callTables(chapters []kit.Chapter, without []string, l lang.Lang) string {
	var b strings.Builder
	calls := kit.Calls(chapters)
	for _, module := range append(slices.Clone(modules), "") {
		heading := "`" + module + "`"
		if module == "" {
			heading = l.Text("other modules")
		}
		fmt.Fprintf(&b, "\n| %s | %s |\n|---|---|\n", heading, l.Text("exercises"))
		for _, row := range rows(calls, module) {
			var names, links []string
			for _, c := range row {
				names = append(names, "`"+shown(c, module)+"`")
			}
			for _, e := range row[0].Exercises {
				links = append(links, link(e, l))
			}
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(names, l.Text(", ")), strings.Join(links, l.Text(", ")))
		}
		var alone []string
		for _, name := range without {
			if c := (kit.Call{Name: name}); in(c, module) {
				alone = append(alone, "`"+shown(c, module)+"`")
			}
		}
		if len(alone) > 0 {
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(alone, l.Text(", ")), l.Text("no exercise of their own"))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

// rows are the calls of a module, those with the same exercises in one row, in the order of the exercises.
func rows(calls []kit.Call, module string) (rows [][]kit.Call) {
	for _, c := range calls {
		if !in(c, module) {
			continue
		}
		at := slices.IndexFunc(rows, func(row []kit.Call) bool { return slices.Equal(row[0].Exercises, c.Exercises) })
		if at < 0 {
			rows = append(rows, []kit.Call{c})
		} else {
			rows[at] = append(rows[at], c)
		}
	}
	slices.SortStableFunc(rows, func(a, b []kit.Call) int { return a[0].Exercises[0].Number - b[0].Exercises[0].Number })
	return rows
}

// Modules sorts calls by the module that they are of: those of each that has a section in the READMEs, and the others at last.
func Modules(calls []kit.Call) (sorted [][]kit.Call) {
	for _, module := range append(slices.Clone(modules), "") {
		var own []kit.Call
		for _, c := range calls {
			if in(c, module) {
				own = append(own, c)
			}
		}
		slices.SortStableFunc(own, func(a, b kit.Call) int { return strings.Compare(a.Name, b.Name) })
		sorted = append(sorted, own)
	}
	return sorted
}

// in reports whether the call is of that module; "" is every module without a section of its own.
func in(c kit.Call, module string) bool {
	return c.Module() == module || module == "" && !slices.Contains(modules, c.Module())
}

func shown(c kit.Call, module string) string {
	if module == "" {
		return c.Name
	}
	return c.Short()
}

func link(e kit.Exercise, l lang.Lang) string {
	to := path.Join("exercises", e.Folder)
	if file := e.Readme(l); l != lang.English {
		if _, err := os.Stat(file); err == nil {
			to = path.Join(to, filepath.Base(file))
		}
	}
	return "[" + e.Name + "](" + to + ")"
}

// cell is a text that may stand in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

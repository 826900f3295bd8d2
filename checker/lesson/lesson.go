// Package lesson is what stands around the grading of an exercise: what there was to learn, how the solution differs from what was
// written, what comes next, and what to do when a new kit has another stub.
package lesson

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/rogpeppe/go-internal/diff"
)

// Afterwards is what there is to say after a pass, in Markdown: what was learnt, and what to read on.
func Afterwards(e kit.Exercise, l lang.Lang) string {
	var parts []string
	part := func(title string, items []string) {
		if len(items) > 0 {
			parts = append(parts, title+"\n\n- "+strings.Join(items, "\n- "))
		}
	}
	learnt, _ := e.Learnt(l) // the lint tells where there is nothing
	part(l.Text("What there was to learn:"), learnt)
	part(l.Text("To read on:"), e.ReadOn(l))
	return strings.Join(parts, "\n\n")
}

// Next is the place of the first exercise that has not passed, in the order of the course; -1 when all have.
func Next(exercises []result.Exercise) int {
	return slices.IndexFunc(exercises, func(e result.Exercise) bool { return e.Status != result.Pass })
}

// Diff compares what the learner wrote with the reference solution, as diff -u does: what the solution has is added. It
// is "" when there is no difference.
func Diff(h attempt.Handed) (string, error) {
	solution, err := h.Exercise.Solution()
	if err != nil {
		return "", err
	}
	type pair struct {
		mine, theirs     string // paths
		written, learned []byte
	}
	files := map[string]pair{}
	var names []string
	at := func(name string) pair {
		if !slices.Contains(names, name) {
			names = append(names, name)
			files[name] = pair{mine: os.DevNull, theirs: os.DevNull}
		}
		return files[name]
	}
	for _, f := range h.Files {
		p := at(f.Name)
		p.mine, p.written = f.Shown(), f.Data
		files[f.Name] = p
	}
	for _, path := range solution {
		name := filepath.Base(path)
		p := at(name)
		if p.learned, err = os.ReadFile(path); err != nil {
			return "", err
		}
		p.theirs = attempt.File{Path: path}.Shown()
		files[name] = p
	}
	var all strings.Builder
	for _, name := range names {
		p := files[name]
		all.Write(unified(p.mine, p.written, p.theirs, p.learned))
	}
	return all.String(), nil
}

// unified is one file's part, without the line that names the command.
func unified(from string, old []byte, to string, new []byte) []byte {
	d := diff.Diff(from, old, to, new)
	if _, rest, ok := strings.Cut(string(d), "\n"); ok {
		return []byte(rest)
	}
	return d
}

// Paint colours a diff of Diff for a terminal, as git does.
func Paint(diff string) string {
	var b strings.Builder
	removed, added := 0, 0 // lines still to come in this part
	for line := range strings.Lines(diff) {
		text, code := strings.TrimSuffix(line, "\n"), ""
		switch {
		case removed <= 0 && added <= 0 && strings.HasPrefix(line, "@@"):
			code = "36"
			var at int
			fmt.Sscanf(line, "@@ -%d,%d +%d,%d", &at, &removed, &at, &added)
		case removed <= 0 && added <= 0:
			code = "1"
		case strings.HasPrefix(line, "+"):
			code = "32"
			added--
		case strings.HasPrefix(line, "-"):
			code = "31"
			removed--
		case strings.HasPrefix(line, " "):
			removed--
			added--
		}
		if code != "" {
			text = "\x1b[" + code + "m" + text + "\x1b[0m"
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

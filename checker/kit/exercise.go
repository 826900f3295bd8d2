package kit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"forklings/checker/hints"
	"forklings/checker/lang"
	"forklings/checker/script"
)

// Exercise is one folder below exercises/.
type Exercise struct {
	Number  int    // 7: the place in the course, and nothing else
	Name    string // "join-timeout": the key everywhere
	Folder  string // "08-join-timeout"
	Dir     string // the folder, absolute
	Package string // "jointimeout"
	File    string // "join_timeout.go", the one the learner edits
}

// ImportPath is the import path of the learner's package.
func (e Exercise) ImportPath() string { return Module + "/exercises/" + e.Folder }

// ProgramPath is the import path of the program that the scenarios run.
func (e Exercise) ProgramPath() string { return e.ImportPath() + "/program" }

func (e Exercise) root() string { return filepath.Dir(filepath.Dir(e.Dir)) }

// SolutionDir holds the reference solution.
func (e Exercise) SolutionDir() string { return filepath.Join(e.root(), "solutions", e.Name) }

// Solution lists the reference solution's Go files, tests left out. An exercise that is not finished has none.
func (e Exercise) Solution() ([]string, error) {
	files, err := list(e.SolutionDir(), ".go")
	if err != nil {
		return nil, err
	}
	var found []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			found = append(found, file)
		}
	}
	return found, nil
}

// StubFile is where the kit keeps the untouched stub, so that it survives the learner's edits.
func (e Exercise) StubFile() string {
	return filepath.Join(e.root(), "testdata", "attempts", e.Name, "stub.go")
}

// Stub is the file as the learner first found it.
func (e Exercise) Stub() ([]byte, error) { return os.ReadFile(e.StubFile()) }

// Readme is the path of the exercise's README in a language. It may not exist.
func (e Exercise) Readme(l lang.Lang) string { return filepath.Join(e.Dir, Translated("README", l)) }

// HintsFile is the path of the exercise's hints in a language, as for Readme.
func (e Exercise) HintsFile(l lang.Lang) string {
	return filepath.Join(e.Dir, Translated("hints", l))
}

// Translated is the name of a Markdown file in a language: README.md, README.zh.md.
func Translated(name string, l lang.Lang) string {
	if l == "" || l == lang.English {
		return name + ".md"
	}
	return name + "." + string(l) + ".md"
}

// Title is the first line of the README, without its "# "; where there is none in that language, of the English one.
func (e Exercise) Title(l lang.Lang) (string, error) {
	data, err := os.ReadFile(e.Readme(l))
	if errors.Is(err, fs.ErrNotExist) && l != lang.English {
		l = lang.English
		data, err = os.ReadFile(e.Readme(l))
	}
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	title, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
	if !ok {
		return "", fmt.Errorf("%s:1: no title; the first line is \"# \" and the title", e.Readme(l))
	}
	return strings.TrimSpace(title), nil
}

// Hints reads the exercise's hints. Without such a file the error is fs.ErrNotExist.
func (e Exercise) Hints(l lang.Lang) (hints.Hints, error) {
	file := e.HintsFile(l)
	data, err := os.ReadFile(file)
	if err != nil {
		return hints.Hints{}, err
	}
	h, err := hints.Parse(data)
	var wrong *hints.Error
	if errors.As(err, &wrong) {
		return hints.Hints{}, fmt.Errorf("%s:%d: %s", file, wrong.Line, wrong.Text)
	}
	return h, err
}

// A Scenario is a script in the exercise's testdata.
type Scenario struct {
	Name   string     // "after-end"
	File   string     // absolute
	Titles lang.Texts // the comment that it begins with, in one line; empty if it does not begin with one
}

// Scenarios lists the exercise's scripts by name; those that explore come last, as they take the longest. An exercise
// without testdata has none.
func (e Exercise) Scenarios() ([]Scenario, error) {
	files, err := list(filepath.Join(e.Dir, "testdata"), ".txtar")
	if err != nil {
		return nil, err
	}
	var found, explored []Scenario
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s := Scenario{
			Name:   strings.TrimSuffix(filepath.Base(file), ".txtar"),
			File:   file,
			Titles: script.Titles(string(data)),
		}
		if explores(string(data)) {
			explored = append(explored, s)
		} else {
			found = append(found, s)
		}
	}
	return append(found, explored...), nil
}

var explores = regexp.MustCompile(`(?m)^\s*explore\s`).MatchString

// A Sample is an attempt that the kit keeps as evidence about its own checker.
type Sample struct {
	Name    string // "polls.timerfd"
	Mistake string // "polls", what a wrong one must be refused for; "" for a right one
	File    string // absolute
}

// Attempts lists the exercise's samples of a kind, "right" or "wrong", by name. There may be none.
func (e Exercise) Attempts(kind string) ([]Sample, error) {
	if kind != "right" && kind != "wrong" {
		return nil, fmt.Errorf("no kind of attempts %q; there are right and wrong", kind)
	}
	files, err := list(filepath.Join(e.root(), "testdata", "attempts", e.Name, kind), ".go")
	if err != nil {
		return nil, err
	}
	var found []Sample
	for _, file := range files {
		s := Sample{Name: strings.TrimSuffix(filepath.Base(file), ".go"), File: file}
		if kind == "wrong" {
			s.Mistake, _, _ = strings.Cut(s.Name, ".")
		}
		found = append(found, s)
	}
	return found, nil
}

// list returns the files in dir with that ending, sorted; none if there is no dir.
func list(dir, ending string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []string
	for _, entry := range entries {
		if !entry.IsDir() && strings.HasSuffix(entry.Name(), ending) && !strings.HasPrefix(entry.Name(), ".") {
			files = append(files, filepath.Join(dir, entry.Name()))
		}
	}
	return files, nil
}

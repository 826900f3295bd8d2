package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/lang"
)

// ChaptersFile says which chapter every exercise belongs to and what it is in Python, by its path in the kit. It is the only
// place where that is written: lists and the READMEs' tables are made from it.
const ChaptersFile = "exercises/chapters.json"

// A Chapter is a part of the course.
type Chapter struct {
	Number int        // from 1; 0 of the exercises that the file does not name
	Title  lang.Texts // "Waiting and ending"
	Topics []Topic    // in the order of the exercises' numbers
}

// A Topic is an exercise in its chapter.
type Topic struct {
	Exercise
	Python lang.Texts // what it is in Python, in Markdown: "`p.join()`"
	Calls  []string   // the names in Python's library that it stands behind: "multiprocessing.Process.join"
}

// A Call is a name in Python's library, and the exercises about it.
type Call struct {
	Name      string // "multiprocessing.Process.join"
	Exercises []Exercise
}

// Module is the first word of the name: "multiprocessing".
func (c Call) Module() string {
	module, _, _ := strings.Cut(c.Name, ".")
	return module
}

// Short is the name without its module, as a program that has imported it writes it: "Process.join".
func (c Call) Short() string {
	_, short, _ := strings.Cut(c.Name, ".")
	return short
}

// ChaptersSource is the content of ChaptersFile.
type ChaptersSource struct {
	Chapters []struct {
		Title     lang.Texts `json:"title"`
		Exercises []struct {
			Name   string     `json:"name"`
			Python lang.Texts `json:"python"`
			Calls  []string   `json:"calls"`
		} `json:"exercises"`
	} `json:"chapters"`
	Without []string `json:"without"` // calls that no exercise is about
}

// ChaptersSource reads ChaptersFile. Without the file it is empty.
func (k *Kit) ChaptersSource() (s ChaptersSource, err error) {
	data, err := os.ReadFile(filepath.Join(k.Root, filepath.FromSlash(ChaptersFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err = d.Decode(&s); err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands behind its end")
		}
	}
	if err != nil {
		at := d.InputOffset()
		if wrong := (*json.SyntaxError)(nil); errors.As(err, &wrong) {
			at = wrong.Offset
		}
		line := 1 + bytes.Count(data[:min(int(at), len(data))], []byte("\n"))
		return s, fmt.Errorf("%s:%d: %w", ChaptersFile, line, err)
	}
	return s, nil
}

// Chapters are the kit's chapters in their order. Exercises that no chapter names are in a last one without a number and a
// title, and a name without an exercise is passed over: the lint finds both.
func (k *Kit) Chapters() ([]Chapter, error) {
	source, err := k.ChaptersSource()
	if err != nil {
		return nil, err
	}
	var chapters []Chapter
	named := map[string]bool{}
	for i, c := range source.Chapters {
		chapter := Chapter{Number: i + 1, Title: c.Title}
		for _, t := range c.Exercises {
			at := slices.IndexFunc(k.Exercises, func(e Exercise) bool { return e.Name == t.Name })
			if at >= 0 && !named[t.Name] {
				named[t.Name] = true
				chapter.Topics = append(chapter.Topics, Topic{k.Exercises[at], t.Python, t.Calls})
			}
		}
		slices.SortFunc(chapter.Topics, func(a, b Topic) int { return a.Number - b.Number })
		if len(chapter.Topics) > 0 {
			chapters = append(chapters, chapter)
		}
	}
	rest := Chapter{}
	for _, e := range k.Exercises {
		if !named[e.Name] {
			rest.Topics = append(rest.Topics, Topic{Exercise: e})
		}
	}
	if len(rest.Topics) > 0 {
		chapters = append(chapters, rest)
	}
	return chapters, nil
}

// Calls is the table from names in Python's library to exercises, sorted by name.
func Calls(chapters []Chapter) (calls []Call) {
	found := map[string][]Exercise{}
	for _, c := range chapters {
		for _, t := range c.Topics {
			for _, name := range t.Calls {
				found[name] = append(found[name], t.Exercise)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		calls = append(calls, Call{name, found[name]})
	}
	return calls
}

// About is what stands in the title behind the exercise's name: "wait for a child" of "Join: wait for a child".
func (e Exercise) About(l lang.Lang) (string, error) {
	title, err := e.Title(l)
	for _, colon := range []string{"：", ": "} {
		if _, about, ok := strings.Cut(title, colon); ok {
			return strings.TrimSpace(about), err
		}
	}
	return title, err
}

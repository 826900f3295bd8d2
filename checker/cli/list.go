package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/outline"
	"forklings/checker/result"
)

// The states of an exercise, as the JSON form calls them.
const (
	passed = "passed"
	begun  = "begun" // written on, and not known to pass
	todo   = "todo"  // the stub is untouched
	broken = "error" // cannot be read, or does not compile
)

// states are those that -state takes: what the list shows, and the JSON form's names.
var states = []string{"pass", passed, "fail", begun, todo, broken}

// listed is one line of the list, and one object of its JSON form.
type listed struct {
	Number int      `json:"number"`
	Name   string   `json:"name"`
	Folder string   `json:"folder"`
	Title  string   `json:"title"`
	State  string   `json:"state"`
	Python string   `json:"python"`
	Calls  []string `json:"calls"`
	about  string
	status result.Status // "" without a verdict
}

// in reports whether the exercise is in one of these states. What fails was begun, too.
func (e listed) in(wanted []string) bool {
	return wanted == nil || slices.Contains(wanted, e.State) || e.status != "" && slices.Contains(wanted, string(e.status))
}

// listedChapter is a chapter with what was asked for.
type listedChapter struct {
	Number    int      `json:"number"`
	Title     string   `json:"title"`
	Passed    int      `json:"passed"` // of all of the chapter's exercises, shown or not
	Of        int      `json:"of"`
	Exercises []listed `json:"exercises"`
}

func list(_ context.Context, c *call) error {
	if c.opt.format != "text" && c.opt.format != "json" {
		return usage("no format %q; there are text and json", c.opt.format)
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	chapters, err := k.Chapters()
	if err != nil {
		return err
	}
	if c.opt.python {
		return c.listCalls(k, chapters)
	}
	wanted, err := c.wantedStates()
	if err != nil {
		return err
	}
	if chapters, err = c.wantedChapters(chapters); err != nil {
		return err
	}
	known, err := c.states(k)
	if err != nil {
		return err
	}
	shown := []listedChapter{}
	found := 0
	for _, chapter := range chapters {
		s := listedChapter{Number: chapter.Number, Title: outline.Title(chapter, c.lang), Of: len(chapter.Topics), Exercises: []listed{}}
		for _, t := range chapter.Topics {
			e := listed{Number: t.Number, Name: t.Name, Folder: t.Folder, State: stateOf[known[t.Name]], status: known[t.Name], Python: t.Python.In(c.lang), Calls: append([]string{}, t.Calls...)}
			if e.Title, err = t.Title(c.lang); err != nil {
				return err
			}
			if e.about, err = t.About(c.lang); err != nil {
				return err
			}
			if e.State == passed {
				s.Passed++
			}
			if e.in(wanted) && t.Searched(chapter).Fits(c.args) {
				s.Exercises = append(s.Exercises, e)
				found++
			}
		}
		if len(s.Exercises) > 0 {
			shown = append(shown, s)
		}
	}
	if c.opt.format == "json" {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(struct {
			Schema   string          `json:"schema"`
			Chapters []listedChapter `json:"chapters"`
		}{"forklings/list/v1", shown}); err != nil {
			return err
		}
		return c.printf("%s", b.Bytes())
	}
	if found == 0 {
		return c.nothingFound(k)
	}
	return c.listText(shown)
}

// stateOf is what the JSON form calls a status.
var stateOf = map[result.Status]string{result.Pass: passed, result.Fail: begun, "": begun, result.Todo: todo, result.Error: broken}

// states tells every exercise's, without grading anything: what was graded before is remembered.
func (c *call) states(k *kit.Kit) (map[string]result.Status, error) {
	own, err := attempt.Own(k)
	if err != nil {
		return nil, err
	}
	found := map[string]result.Status{}
	var written []attempt.Handed
	for _, h := range own.Handed {
		switch {
		case h.Err != nil:
			found[h.Exercise.Name] = result.Error
		case h.Untouched():
			found[h.Exercise.Name] = result.Todo
		default:
			found[h.Exercise.Name] = ""
			written = append(written, h)
		}
	}
	options, err := c.sandbox()
	if err != nil { // where nothing can be graded, nothing is known
		return found, nil
	}
	store := c.recalled(k)
	known, err := store.Known(k, written, options)
	if err != nil {
		return nil, err
	}
	if before := store.Before(written, known); len(before) > 0 {
		fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("these passed before the kit, Go or the machine changed, and count as begun until `checker grade` plays them again: %s", strings.Join(before, c.lang.Text(", "))))
	}
	for name, e := range known {
		found[name] = e.Status
	}
	return found, nil
}

func (c *call) wantedStates() (wanted []string, err error) {
	if c.opt.state == "" {
		return nil, nil
	}
	for _, s := range strings.Split(c.opt.state, ",") {
		if s = strings.TrimSpace(s); !slices.Contains(states, s) {
			return nil, usage("no state %q; there are pass, fail, begun, todo and error", s)
		}
		wanted = append(wanted, s)
	}
	return wanted, nil
}

// wantedChapters are those of -chapter: a number, or part of a title in any language.
func (c *call) wantedChapters(chapters []kit.Chapter) ([]kit.Chapter, error) {
	if c.opt.chapter == "" {
		return chapters, nil
	}
	number, notNumber := strconv.Atoi(c.opt.chapter)
	var wanted []kit.Chapter
	var titles []string
	for _, chapter := range chapters {
		titles = append(titles, strconv.Itoa(chapter.Number)+" "+outline.Title(chapter, c.lang))
		if notNumber == nil && chapter.Number == number || notNumber != nil && (kit.Holds(outline.Title(chapter, lang.English), c.opt.chapter) || kit.Holds(outline.Title(chapter, lang.Chinese), c.opt.chapter)) {
			wanted = append(wanted, chapter)
		}
	}
	if len(wanted) == 0 {
		return nil, usage("no chapter %q; there are:\n  %s", c.opt.chapter, strings.Join(titles, "\n  "))
	}
	return wanted, nil
}

// nothingFound is the end of a search: a call that the course leaves out is told apart from a word that nobody knows.
func (c *call) nothingFound(k *kit.Kit) error {
	source, err := k.ChaptersSource()
	if err != nil {
		return err
	}
	for _, name := range source.Without {
		if len(c.args) == 1 && kit.Holds(name, kit.Bare(c.args[0])) {
			return status{Failed, c.lang.Sprintf("the course has no exercise about %s; `checker list -python` shows what there is", name)}
		}
	}
	return status{Failed, c.lang.Text("no exercise fits; `checker list` shows all of them")}
}

// Package outline draws the course's map: the READMEs' tables of chapters, exercises and Python's calls, all from one file.
package outline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

var (
	code     = regexp.MustCompile("`[^`]*`")
	letters  = regexp.MustCompile(`[A-Za-z]{2,}`)
	callName = regexp.MustCompile(`^[a-z]+(\.[A-Za-z_][A-Za-z0-9_]*)+$`)
)

// Lint finds where the file of the chapters and the folders disagree, as far as no exercise alone is to blame, and what is wrong
// with the READMEs that the map is drawn in. Every problem says what to do.
func Lint(k *kit.Kit) (problems []string) {
	problem := func(format string, args ...any) {
		problems = append(problems, kit.ChaptersFile+": "+fmt.Sprintf(format, args...))
	}
	source, err := k.ChaptersSource()
	if err != nil {
		return []string{err.Error()}
	}
	seen, last := map[string]bool{}, 0
	calls := map[string]bool{}
	for i, c := range source.Chapters {
		for _, l := range lang.All {
			if c.Title[l] == "" {
				problem("chapter %d has no title in %q: write one", i+1, l)
			}
		}
		for _, t := range c.Exercises {
			at := slices.IndexFunc(k.Exercises, func(e kit.Exercise) bool { return e.Name == t.Name })
			switch {
			case at < 0:
				problem("there is no exercise %q: take it out, or call it as its folder", t.Name)
				continue
			case seen[t.Name]:
				problem("%s stands there twice: keep one", t.Name)
			case k.Exercises[at].Number < last:
				problem("%s stands behind an exercise with a higher number: sort them by their folders", t.Name)
			}
			seen[t.Name], last = true, max(last, k.Exercises[at].Number)
			for _, name := range t.Calls {
				calls[name] = true
			}
		}
	}
	for _, name := range source.Without {
		if calls[name] {
			problem("%s is said to be without an exercise, and has one: take it out", name)
		}
		if !callName.MatchString(name) {
			problem("%q is no name such as multiprocessing.Event", name)
		}
	}
	for _, l := range lang.All {
		if _, _, err := Readme(k, l); err != nil {
			problems = append(problems, err.Error())
		}
	}
	return problems
}

// LintExercise finds what the file of the chapters lacks for one exercise.
func LintExercise(k *kit.Kit, e kit.Exercise) (problems []string) {
	chapters, err := k.Chapters()
	if err != nil {
		return []string{err.Error()}
	}
	for _, c := range chapters {
		for _, t := range c.Topics {
			if t.Name == e.Name {
				return lintTopic(c, t)
			}
		}
	}
	return nil
}

func lintTopic(c kit.Chapter, t kit.Topic) (problems []string) {
	if c.Number == 0 {
		return []string{"it is in no chapter: name it in " + kit.ChaptersFile + ", with what it is in Python and the calls it stands behind"}
	}
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf(format, args...)+": see "+kit.ChaptersFile)
	}
	english := t.Python[lang.English]
	if english == "" {
		problem("nothing says what it is in Python")
	}
	if t.Python[lang.Chinese] == "" && letters.MatchString(code.ReplaceAllString(english, "")) {
		problem("what it is in Python is not told in Chinese, and is more than code")
	}
	if len(t.Calls) == 0 {
		problem("it stands behind no call of Python's library")
	}
	for i, name := range t.Calls {
		if !callName.MatchString(name) || strings.HasSuffix(name, ".") {
			problem("the call %q is no name such as multiprocessing.Process.join", name)
		}
		if slices.Contains(t.Calls[:i], name) {
			problem("the call %s stands there twice", name)
		}
	}
	return problems
}

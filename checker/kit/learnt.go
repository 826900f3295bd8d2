package kit

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"forklings/checker/lang"
)

// LearntLines is how many lines say what an exercise teaches.
const LearntLines = 2

// LearntFile says what there was to learn, in all languages:
//
//	# Learnt
//
//	## en
//
//	- A parent that waits sleeps in the kernel.
//	- The wait also reaps.
//
//	## zh
//	...
func (e Exercise) LearntFile() string { return filepath.Join(e.Dir, "learnt.md") }

// Learnt are the lines that a learner reads after a pass, in English where there are none in that language.
// An error names the file and what is wrong with it.
func (e Exercise) Learnt(l lang.Lang) ([]string, error) {
	all, err := e.AllLearnt()
	if err != nil {
		return nil, err
	}
	if lines := all[l]; len(lines) > 0 {
		return lines, nil
	}
	return all[lang.English], nil
}

// AllLearnt is what the file holds, by language.
func (e Exercise) AllLearnt() (map[lang.Lang][]string, error) {
	data, err := os.ReadFile(e.LearntFile())
	if err != nil {
		return nil, err
	}
	all := map[lang.Lang][]string{}
	var section lang.Lang
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		heading, isHeading := strings.CutPrefix(line, "## ")
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case line == "", i == 0 && line == "# Learnt":
		case isHeading && all[lang.Lang(heading)] == nil:
			section = lang.Lang(heading)
			all[section] = []string{}
		case isItem && section != "":
			all[section] = append(all[section], item)
		default:
			return nil, fmt.Errorf("%s:%d: %q: it holds \"# Learnt\", a heading such as \"## en\" for each language, and %d items below each", e.LearntFile(), i+1, line, LearntLines)
		}
	}
	return all, nil
}

var link = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)

// ReadOn are the items of the README's last section, each in one line with the addresses of its links written out; none without
// such a section. In another language it is that README's, where there is one.
func (e Exercise) ReadOn(l lang.Lang) []string {
	data, err := os.ReadFile(e.Readme(l))
	if err != nil {
		if data, err = os.ReadFile(e.Readme(lang.English)); err != nil {
			return nil
		}
	}
	sections := strings.Split("\n"+string(data), "\n## ")
	var items []string
	for _, line := range strings.Split(sections[len(sections)-1], "\n")[1:] {
		text := strings.TrimSpace(line)
		switch {
		case len(sections) == 1, text == "":
		case strings.HasPrefix(line, "- "):
			items = append(items, text[len("- "):])
		case len(items) > 0:
			items[len(items)-1] += " " + text
		}
	}
	for i := range items {
		items[i] = link.ReplaceAllString(items[i], "$1 <$2>")
	}
	return items
}

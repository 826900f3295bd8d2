package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/script"
)

// readmeSections are the sections that every README has, in each language.
var readmeSections = map[lang.Lang][]string{
	lang.English: {"## Your task", "## See it run", "## Read on"},
	lang.Chinese: {"## 任务", "## 动手看看", "## 延伸阅读"},
}

// spoken are the languages' names, for an author.
var spoken = map[lang.Lang]string{lang.Chinese: "Chinese"}

// languages checks that an exercise says the same in every language: who reads one of them lacks nothing.
func (l *lint) languages() {
	for _, other := range lang.All[1:] {
		l.readmeIn(other)
		l.hintsIn(other)
		l.titlesIn(other)
	}
}

// pair reads a file in English and in another language. Without the other one, that is a problem; without either, not ok.
func (l *lint) pair(name string, other lang.Lang) (english, text, file string, ok bool) {
	file = kit.Translated(name, other)
	first, err := os.ReadFile(filepath.Join(l.exercise.Dir, kit.Translated(name, lang.English)))
	if err != nil {
		return "", "", file, false // told elsewhere
	}
	second, err := os.ReadFile(filepath.Join(l.exercise.Dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		l.problem("no %s: write it, the same as %s in %s", file, kit.Translated(name, lang.English), spoken[other])
	} else if err != nil {
		l.problem("%v", err)
	}
	return string(first), string(second), file, err == nil
}

func (l *lint) readmeIn(other lang.Lang) {
	english, text, file, ok := l.pair("README", other)
	if !ok {
		return
	}
	if !strings.HasPrefix(text, "# ") {
		l.problem("%s does not begin with a title: make its first line the title behind `# `", file)
	}
	if n := strings.Count(text, "\n"); n > maxReadme {
		l.problem("%s has %d lines: cut it to %d", file, n, maxReadme)
	}
	for _, part := range readmeSections[other] {
		if !slices.Contains(strings.Split(text, "\n"), part) {
			l.problem("%s has no section %q", file, part)
		}
	}
	was, is := parse(english), parse(text)
	l.same(file, "README.md", "headings", "give both the same headings, in the same order", was.headings, is.headings)
	l.same(file, "README.md", "numbered tasks", "every task and promise stands in both, under the same number", was.items, is.items)
	l.same(file, "README.md", "links", "both lead to the same pages", sorted(was.links), sorted(is.links))
	l.same(file, "README.md", "rows of tables, by their cells", "give both the same tables", was.rows, is.rows)
	l.same(file, "README.md", "lines of code", "code stays as it is, byte for byte", was.code, is.code)
	for _, name := range was.names {
		if !slices.Contains(is.names, name) {
			l.problem("README.md speaks of %s, and %s does not: what stands in backticks stays as it is", name, file)
		}
	}
}

func (l *lint) hintsIn(other lang.Lang) {
	english, text, file, ok := l.pair("hints", other)
	if !ok {
		return
	}
	of, err := l.exercise.Hints(other)
	if err != nil {
		l.problem("%s: %v", file, err)
		return
	}
	if len(l.hints.Tiers(hints.Start)) == 0 {
		return // hints.md cannot be read, which is told elsewhere
	}
	for _, m := range l.hints.Mistakes() {
		if len(of.Tiers(m)) == 0 {
			l.problem("%s has no hints for %s, and hints.md has: add `## %s`", file, m, m)
		}
	}
	for _, m := range of.Mistakes() {
		if len(l.hints.Tiers(m)) == 0 {
			l.problem("%s has hints for %s, and hints.md has none: take them out, or add them there", file, m)
		}
	}
	was, is := parse(english), parse(text)
	l.same(file, "hints.md", "headings", "they are names: leave them as they are, in the same order", was.titles, is.titles)
	l.same(file, "hints.md", "tiers", "give both the same tiers", was.items, is.items)
	l.same(file, "hints.md", "lines of code", "code stays as it is, byte for byte", was.tierCode, is.tierCode)
}

func (l *lint) titlesIn(other lang.Lang) {
	list, _ := l.exercise.Scenarios()
	mark := "# " + string(other) + ": "
	for _, s := range list {
		data, err := os.ReadFile(s.File)
		if err != nil {
			continue // told elsewhere
		}
		var head []string
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "#") {
				break
			}
			head = append(head, strings.TrimSpace(line))
		}
		in := slices.DeleteFunc(slices.Clone(head), func(line string) bool { return !strings.HasPrefix(line, mark) })
		switch title := script.Titles(string(data))[other]; {
		case len(in) == 0 || title == "":
			l.problem("%s.txtar has no title in %s: write `%s...` below the title", s.Name, spoken[other], mark)
		case len(in) > 1 || head[len(head)-1] != in[0]:
			l.problem("%s.txtar: its title in %s is the last line of the first comment, and one line", s.Name, spoken[other])
		case other == lang.Chinese && !strings.ContainsFunc(title, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
			l.problem("%s.txtar: its title behind `%s` is not %s: translate it", s.Name, strings.TrimSpace(mark), spoken[other])
		}
	}
}

// same tells of the first difference between two lists that should be alike.
func (l *lint) same(file, english, what, do string, want, have []string) {
	if slices.Equal(want, have) {
		return
	}
	at := 0
	for at < len(want) && at < len(have) && want[at] == have[at] {
		at++
	}
	at1 := func(list []string) string {
		if at < len(list) {
			return fmt.Sprintf("%q", list[at])
		}
		return "nothing"
	}
	l.problem("%s and %s differ in their %s: number %d is %s, and in %s %s; %s", file, english, what, at+1, at1(have), english, at1(want), do)
}

// page is what two languages of one Markdown text have in common.
type page struct {
	headings []string // their levels, as # and ##
	titles   []string // the headings themselves
	items    []string // the numbers of the items of ordered lists
	links    []string
	rows     []string // of tables: how many cells each has
	code     []string // lines that are indented by four blanks behind a blank line, or fenced
	tierCode []string // lines that are indented by seven: code inside an item
	names    []string // what stands in backticks in a line
}

var (
	heading    = regexp.MustCompile(`^(#+) (.*)$`)
	numberItem = regexp.MustCompile(`^([0-9]+)\. `)
	link       = regexp.MustCompile(`\]\(((?:[^()]|\([^()]*\))*)\)`)
	ticks      = regexp.MustCompile("`[^`\n]+`")
)

func parse(text string) (p page) {
	fenced, block := false, false // block: an indented line would be code, and not an item that goes on
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = strings.TrimRight(line, "\r")
		fence := strings.HasPrefix(line, "```")
		if strings.HasPrefix(line, "       ") {
			p.tierCode = append(p.tierCode, line)
		}
		indented := strings.HasPrefix(line, "    ")
		block = line == "" || block && indented
		if fence || fenced || block && indented {
			fenced = fenced != fence
			p.code = append(p.code, line)
			continue
		}
		if found := heading.FindStringSubmatch(line); found != nil {
			p.headings, p.titles = append(p.headings, found[1]), append(p.titles, line)
		}
		if found := numberItem.FindStringSubmatch(line); found != nil {
			p.items = append(p.items, found[1])
		}
		if strings.HasPrefix(line, "|") {
			p.rows = append(p.rows, fmt.Sprint(strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")-1))
		}
		for _, found := range link.FindAllStringSubmatch(line, -1) {
			p.links = append(p.links, found[1])
		}
		p.names = append(p.names, ticks.FindAllString(line, -1)...)
	}
	return p
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

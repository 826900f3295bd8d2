package verify

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"forklings/checker/hints"
	"forklings/checker/lang"
)

// tiers checks that a hint tells no more than its tier may: the first is a question, and before the last there is no code of the solution.
func (l *lint) tiers() {
	solution := l.solutionLines()
	for _, language := range lang.All {
		h, err := l.exercise.Hints(language)
		if errors.Is(err, fs.ErrNotExist) {
			continue // told elsewhere
		}
		if err != nil {
			l.problem("%v", err)
			continue
		}
		for _, m := range append([]string{hints.Start}, h.Mistakes()...) {
			for i, tier := range h.Tiers(m)[:hints.Count-1] {
				if i == 0 && !strings.ContainsAny(tier, "?？") {
					l.problem("the first hint for %s (%s) is no question: make it one", m, language)
				}
				if code := codeIn(tier); code != "" {
					l.problem("hint %d for %s (%s) has code, %q: keep that for the last", i+1, m, language, code)
				}
				for _, span := range spans(tier) {
					if slices.Contains(solution, span) {
						l.problem("hint %d for %s (%s) has a line of the solution, %q: keep that for the last", i+1, m, language, span)
					}
				}
			}
		}
	}
}

// solutionLines are the lines of code that the solution has and the stub has not, long enough to give something away.
func (l *lint) solutionLines() (lines []string) {
	const telling = 12 // characters
	stub, _ := l.exercise.Stub()
	files, _ := l.exercise.Solution()
	for _, f := range files {
		text, _ := os.ReadFile(f)
		for line := range strings.Lines(string(text)) {
			line, _, _ = strings.Cut(line, "//")
			if line = strings.Join(strings.Fields(line), " "); len(line) >= telling && !strings.Contains(string(stub), line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// codeIn is the first line of a block of code in a Markdown text; "" without one.
func codeIn(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "```") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// spans are what stands between backticks.
func spans(text string) (found []string) {
	for i, part := range strings.Split(strings.Join(strings.Fields(text), " "), "`") {
		if i%2 == 1 {
			found = append(found, part)
		}
	}
	return found
}

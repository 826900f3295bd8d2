package render

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Summary is the way through the course, or through a chapter of it, so far.
type Summary struct {
	Title    string
	Chapters []SummaryChapter
}

// SummaryChapter is a part of it.
type SummaryChapter struct {
	Title     string
	Exercises []SummaryExercise
}

// SummaryExercise is one exercise.
type SummaryExercise struct {
	Number      int
	Name, Title string
	Status      result.Status
	Learnt      []string
	Attempts    int       // up to the first pass, or so far
	Passed      time.Time // the first time; zero: never
	Mistakes    []SummaryMistake
	Passing     result.Scenario // what the processes do now; its timeline may be empty
}

// SummaryMistake is one that was made on the way.
type SummaryMistake struct {
	Name, Question string          // the question is the first hint
	Failed         result.Scenario // the first time, with its timeline
}

// Counts are of the exercises that pass, of all, of the attempts, and of the mistakes.
func (s Summary) Counts() (passed, of, attempts, mistakes int) {
	for _, c := range s.Chapters {
		p, o, a, m := c.Counts()
		passed, of, attempts, mistakes = passed+p, of+o, attempts+a, mistakes+m
	}
	return passed, of, attempts, mistakes
}

// Counts are those of a chapter.
func (c SummaryChapter) Counts() (passed, of, attempts, mistakes int) {
	for _, e := range c.Exercises {
		if e.Status == result.Pass {
			passed++
		}
		attempts += e.Attempts
		mistakes += len(e.Mistakes)
	}
	return passed, len(c.Exercises), attempts, mistakes
}

// Counted is a line about an exercise: what became of it, and in how many attempts.
func (e SummaryExercise) Counted(l lang.Lang) string {
	switch {
	case e.Status == result.Pass && e.Attempts == 1:
		return l.Text("passed at the first attempt")
	case e.Status == result.Pass && e.Attempts > 1:
		return l.Sprintf("passed at attempt %d", e.Attempts)
	case e.Status == result.Pass:
		return Status(l, result.Pass)
	case e.Status == result.Todo && e.Attempts == 0:
		return Status(l, result.Todo)
	case !e.Passed.IsZero():
		return l.Text("passed once, and does not pass as it stands now")
	}
	return l.Sprintf("does not pass yet; attempts: %d", e.Attempts)
}

// counted is a line about all of it.
func counted(l lang.Lang, passed, of, attempts, mistakes int) string {
	return l.Sprintf("%[1]d of %[2]d exercises pass; attempts: %[3]d; mistakes made on the way: %[4]d", passed, of, attempts, mistakes)
}

// Text writes it for a terminal, or a file.
func (s Summary) Text(w io.Writer, style Style) error {
	p := printer{w: w, Style: style}
	p.line("%s", p.bold(s.Title))
	passed, of, attempts, mistakes := s.Counts()
	p.block("", "", counted(p.Lang, passed, of, attempts, mistakes), folded)
	apart := true // from what stood before
	for _, c := range s.Chapters {
		passed, of, attempts, _ := c.Counts()
		if apart = apart || passed+attempts > 0; apart {
			p.line("")
		}
		apart = passed+attempts > 0
		p.line("%s  %s", p.bold(c.Title), p.Lang.Sprintf("%d of %d", passed, of))
		for _, e := range c.Exercises {
			if e.Status != result.Todo || e.Attempts > 0 {
				p.summarized(e)
			}
		}
	}
	return p.err
}

func (p *printer) summarized(e SummaryExercise) {
	p.line("")
	p.block("  ", "", strconv.Itoa(e.Number)+" "+e.Title, folded)
	color := "33"
	if e.Status == result.Pass {
		color = "32"
	}
	p.line("%s%s", p.indent(), p.paint(color, e.Counted(p.Lang)))
	for _, line := range e.Learnt {
		p.block(p.indent(), "- ", line, folded)
	}
	for _, m := range e.Mistakes {
		p.block(p.indent(), "", p.Lang.Sprintf("mistake %s", m.Name), folded)
		p.block(p.indent()+"  ", "", m.Question, markdown)
	}
}

//go:embed summary.html
var summaryText string

var summaryPage = template.Must(template.Must(page.Clone()).New("summary").Parse(summaryText))

// Page writes it as an HTML page that needs nothing else, in a language.
func (s Summary) Page(w io.Writer, l lang.Lang) error {
	type mistake struct {
		SummaryMistake
		Asked   template.HTML
		Drawing *drawing
	}
	type exercise struct {
		SummaryExercise
		Counted  string
		Good     bool
		Made     []mistake
		Drawing  *drawing
		Scenario string
	}
	type chapter struct {
		Number         int
		Title, Counted string
		Exercises      []exercise
		Left           string // the exercises that were not begun
	}
	passed, of, attempts, mistakes := s.Counts()
	data := struct {
		Lang, Title, Counted, Legend                   string
		Percent                                        int
		Learnt, Mistakes, Now, Expected, Seen, Because string // labels
		Chapters                                       []chapter
	}{
		Lang: string(cmp.Or(l, lang.English)), Title: s.Title, Counted: counted(l, passed, of, attempts, mistakes), Percent: 100 * passed / max(of, 1), Legend: legend(l),
		Learnt: l.Text("What there was to learn"), Mistakes: l.Text("Mistakes on the way"), Now: l.Text("What your processes do now"),
		Expected: l.Say(expected), Seen: l.Say(seen), Because: l.Say(because),
	}
	for i, c := range s.Chapters {
		passed, of, _, _ := c.Counts()
		shown := chapter{Number: i + 1, Title: c.Title, Counted: l.Sprintf("%d of %d", passed, of)}
		var left []string
		for _, e := range c.Exercises {
			if e.Status == result.Todo && e.Attempts == 0 {
				left = append(left, e.Title)
				continue
			}
			x := exercise{SummaryExercise: e, Counted: e.Counted(l), Good: e.Status == result.Pass, Scenario: e.Passing.Title}
			for _, m := range e.Mistakes {
				made := mistake{SummaryMistake: m, Asked: coded(m.Question)}
				if len(m.Failed.Timeline) > 0 {
					made.Drawing = draw(m.Failed, l)
				}
				x.Made = append(x.Made, made)
			}
			if len(e.Passing.Timeline) > 0 {
				x.Drawing = draw(e.Passing, l)
			}
			shown.Exercises = append(shown.Exercises, x)
		}
		if len(left) > 0 {
			shown.Left = l.Sprintf("Not begun: %s", strings.Join(left, " · "))
		}
		data.Chapters = append(data.Chapters, shown)
	}
	return summaryPage.Execute(w, data)
}

// coded makes HTML of a text in which code stands between backticks.
func coded(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

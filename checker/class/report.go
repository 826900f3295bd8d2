package class

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/render"
	"forklings/checker/result"
)

//go:embed report.html
var reportText string

// report is a page in parts: what the class did, each learner, and each verdict once, however many share it.
var report = template.Must(template.New("report").Funcs(template.FuncMap{
	"T": func(string, ...any) string { return "" }, "code": code,
}).Parse(reportText))

// code shows what stands between backticks, as hints have it, as code.
func code(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if part = template.HTMLEscapeString(part); i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

func percent(n, of int) int {
	if of == 0 {
		return 0
	}
	return (100*n + of/2) / of
}

// overview is the page's beginning.
type overview struct {
	Lang              string
	Learners, Refused int
	Open              int // learners that wait for verdicts
	Points, Max       int // the middle one's points: half of the learners have as many, or more
	Kits              string
	Exercises         []exerciseRow
	Mistakes          []mistakeRow
	Columns           []column
	Most              int // learners with the most frequent mistake
}

// exerciseRow is how the class did in one exercise, in learners.
type exerciseRow struct {
	column
	Pass, Fail, Broken, Todo, Open int
	Reached                        int // points of all, in percent
}

// mistakeRow is a mistake, and who made it.
type mistakeRow struct {
	Exercise, Title, Mistake, Question string
	Count                              int
	Learners                           []string
	number                             int // of the exercise
}

// Report writes the class's page, which needs nothing else: the class by exercise, what to explain again, and each learner. Hints are
// taken from the kit. It is written as it is read, so that its size does not count.
func (s *Store) Report(w io.Writer, k *kit.Kit) error {
	o, err := s.overview(k)
	if err != nil {
		return err
	}
	page := template.Must(report.Clone())
	page.Funcs(template.FuncMap{"T": s.lang.Sprintf})
	if err := page.ExecuteTemplate(w, "head", o); err != nil {
		return err
	}
	err = s.lines(func(l line) error {
		return page.ExecuteTemplate(w, "learner", map[string]any{"Line": l, "Open": l.open()})
	})
	if err != nil {
		return err
	}
	if err := page.ExecuteTemplate(w, "verdicts", o); err != nil {
		return err
	}
	if err := s.details(w, k); err != nil {
		return err
	}
	return page.ExecuteTemplate(w, "foot", o)
}

func (s *Store) overview(k *kit.Kit) (o overview, err error) {
	o.Lang = string(s.lang)
	if o.Lang == "" {
		o.Lang = "en"
	}
	if o.Columns, err = s.columns(); err != nil {
		return o, err
	}
	rows := map[string]*exerciseRow{}
	o.Exercises = make([]exerciseRow, len(o.Columns))
	for i, c := range o.Columns {
		o.Exercises[i].column = c
		rows[c.Name] = &o.Exercises[i]
	}
	var sums []int
	err = s.lines(func(l line) error {
		o.Learners++
		if l.Refused != "" {
			o.Refused++
			return nil
		}
		if l.open() > 0 {
			o.Open++
		}
		sums, o.Max = append(sums, l.Score), max(o.Max, l.Points)
		for _, c := range l.Cells {
			rows[c.Exercise].add(c)
		}
		return nil
	})
	if err != nil {
		return o, err
	}
	o.Points = median(sums)
	for i := range o.Exercises {
		e := &o.Exercises[i]
		e.Reached = percent(e.Reached, e.Points*(o.Learners-o.Refused)) // a machine that skips a scenario lowers it for all
	}
	kits, err := s.texts("SELECT DISTINCT kit || ' (' || tier || ')' FROM verdict WHERE " + counts + " AND key IN (SELECT key FROM part) ORDER BY 1")
	if err != nil {
		return o, err
	}
	o.Kits = strings.Join(kits, ", ")
	if o.Mistakes, err = s.mistakes(k, o.Columns); err != nil {
		return o, err
	}
	for _, m := range o.Mistakes {
		o.Most = max(o.Most, m.Count)
	}
	return o, nil
}

func (e *exerciseRow) add(c cell) {
	e.Reached += c.Score
	switch c.Status {
	case result.Pass:
		e.Pass++
	case result.Fail:
		e.Fail++
	case result.Error:
		e.Broken++
	case result.Todo:
		e.Todo++
	default:
		e.Open++
	}
}

// mistakes are those that a learner would be shown first in each exercise, the most frequent first.
func (s *Store) mistakes(k *kit.Kit, counted []column) ([]mistakeRow, error) {
	rows, err := s.db.Query(`SELECT p.exercise, p.learner, f.scenario, f.status, f.mistake
		FROM part p JOIN failure f ON f.key=p.key WHERE f.mistake<>'' ORDER BY p.learner, p.exercise, f.place`)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	made := map[[2]string][]string{} // exercise, mistake -> learners
	asked := map[[2]string]bool{}    // those whose question is shown
	var last [2]string               // exercise, learner
	for rows.Next() {
		var exercise, learner string
		failed := result.Scenario{Hint: "shown"}
		if err := rows.Scan(&exercise, &learner, &failed.Name, &failed.Status, &failed.Mistake); err != nil {
			return nil, s.explain(err)
		}
		if last == [2]string{exercise, learner} {
			continue
		}
		shown := s.shown(result.Exercise{Name: exercise, Scenarios: []result.Scenario{failed}})
		if mistake := shown.Scenarios[0].Mistake; mistake != "" {
			last = [2]string{exercise, learner}
			what := [2]string{exercise, mistake}
			made[what] = append(made[what], learner)
			asked[what] = asked[what] || shown.Scenarios[0].Hint != ""
		}
	}
	var all []mistakeRow
	for _, c := range counted {
		e, unknown := k.Find(c.Name)
		for what, learners := range made {
			if what[0] != c.Name {
				continue
			}
			m := mistakeRow{Exercise: c.Name, Title: c.Title, Mistake: what[1], Count: len(learners), Learners: learners, number: c.Number}
			if unknown == nil && asked[what] {
				m.Question = grade.Hint(e, s.lang, m.Mistake, 1)
			}
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b mistakeRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.number, b.number), cmp.Compare(a.Mistake, b.Mistake))
	})
	return all, s.explain(rows.Err())
}

// shown is of an exercise what the report shows.
func (s *Store) shown(e result.Exercise) result.Exercise {
	if s.Hide == nil {
		return e
	}
	return s.Hide(&result.Result{Exercises: []result.Exercise{e}}).Exercises[0]
}

// detail is a verdict as the page shows it.
type detail struct {
	Status    result.Status    `json:"s"`
	Message   string           `json:"m,omitempty"`
	Scenarios []scenarioDetail `json:"c,omitempty"`
	Passed    int              `json:"p,omitempty"`
}

type scenarioDetail struct {
	Name     string        `json:"n"`
	Title    string        `json:"t"`
	Status   result.Status `json:"s"`
	Mistake  string        `json:"k,omitempty"`
	Expected string        `json:"e,omitempty"`
	Actual   string        `json:"a,omitempty"`
	Because  string        `json:"b,omitempty"`
	Where    string        `json:"w,omitempty"`
	Question string        `json:"q,omitempty"`
	Output   string        `json:"o,omitempty"`
	Timeline string        `json:"l,omitempty"`
}

// mostOutput is how much of what a scenario's processes printed is shown.
const mostOutput = 2 << 10

// details writes the verdicts that are more than a pass, each once.
func (s *Store) details(w io.Writer, k *kit.Kit) error {
	keys, err := s.texts("SELECT key FROM verdict WHERE status<>'pass' AND " + counts + " AND key IN (SELECT key FROM part) ORDER BY key")
	if err != nil {
		return err
	}
	for _, key := range keys {
		e, err := s.verdict(key)
		if err != nil {
			return err
		}
		text, err := json.Marshal(s.detail(s.shown(e), k)) // < and > are escaped: nothing can end the script
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "<script type=\"application/json\" id=\"v-%s\">%s</script>\n", key, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) detail(e result.Exercise, k *kit.Kit) detail {
	d := detail{Status: e.Status, Message: clip(e.Message, mostMessage), Passed: e.Score}
	of, _ := k.Find(e.Name)
	for _, f := range failed(e) {
		x := scenarioDetail{Name: f.Name, Title: f.Title, Status: f.Status, Mistake: f.Mistake, Expected: f.Expected, Actual: f.Actual, Because: f.Because, Output: clip(f.Output, mostOutput)}
		if f.Line > 0 {
			x.Where = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		if x.Question = f.Hint; f.Hint != "" && f.Mistake != "" && of.Name != "" { // as the hint is now, in the report's language
			x.Question = grade.Hint(of, s.lang, f.Mistake, 1)
		}
		if len(f.Timeline) > 0 {
			x.Timeline = dedent(render.Timeline(f.Timeline, f.Status != result.Pass, render.Style{Lang: s.lang, Width: 120}))
		}
		d.Scenarios = append(d.Scenarios, x)
	}
	return d
}

// dedent takes away the blanks that all lines begin with.
func dedent(text string) string {
	lines := strings.Split(text, "\n")
	common := len(text)
	for _, line := range lines {
		if rest := strings.TrimLeft(line, " "); rest != "" {
			common = min(common, len(line)-len(rest))
		}
	}
	for i, line := range lines {
		lines[i] = line[min(common, len(line)):]
	}
	return strings.Join(lines, "\n")
}

package class

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/result"
)

// cell is a learner's standing in one exercise.
type cell struct {
	Exercise string
	Key      string
	Status   result.Status // "": it has no verdict yet
	Message  string
	Score    int
	Points   int

	number    int
	title     string
	scenarios string // their names
	outcome   string // of the verdict: outcomes as JSON
}

// line is a learner with all cells, in the order of the exercises.
type line struct {
	Learner string
	Path    string
	Refused string // why the submission could not be read
	Cells   []cell
	Score   int
	Points  int // that there are
}

// open is how many cells have no verdict yet.
func (l line) open() (n int) {
	for _, c := range l.Cells {
		if c.Status == "" {
			n++
		}
	}
	return n
}

// unreadable are the exercises whose files were refused before they were built.
func (l line) unreadable() (names []string) {
	for _, c := range l.Cells {
		if c.Status == result.Error && c.Key == "" {
			names = append(names, c.Exercise)
		}
	}
	return names
}

// column is an exercise that counts.
type column struct {
	Name   string
	Number int
	Title  string
	Points int
}

// columns are the exercises that count, in points of the course.
func (s *Store) columns() ([]column, error) {
	l, err := s.line("")
	if err != nil {
		return nil, err
	}
	var all []column
	for _, c := range l.Cells {
		all = append(all, column{c.Exercise, c.number, c.title, c.Points})
	}
	return all, nil
}

// lines gives the learners one after the other, by name.
func (s *Store) lines(do func(line) error) error {
	names, err := s.texts("SELECT name FROM learner ORDER BY name")
	if err != nil {
		return err
	}
	for _, name := range names {
		l, err := s.line(name)
		if err != nil {
			return err
		}
		if err := do(l); err != nil {
			return err
		}
	}
	return nil
}

// line is one learner's; without a name, that of somebody who has begun nothing.
func (s *Store) line(name string) (line, error) {
	l := line{Learner: name}
	if name != "" {
		if err := s.db.QueryRow("SELECT path, error FROM learner WHERE name=?", name).Scan(&l.Path, &l.Refused); err != nil {
			return l, s.explain(err)
		}
	}
	if err := s.cells(&l); err != nil {
		return l, err
	}
	if s.Weigh != nil {
		return l, s.weigh(&l)
	}
	for _, c := range l.Cells {
		l.Score += c.Score
		l.Points += c.Points
	}
	return l, nil
}

func (s *Store) cells(l *line) error {
	rows, err := s.db.Query(`SELECT e.name, coalesce(p.key,''), coalesce(v.status, p.status, 'todo'), coalesce(v.message, p.message, ''), coalesce(v.score,0), coalesce(v.points,e.points), e.number, e.title, e.scenarios, coalesce(v.outcome,'')
		FROM exercise e LEFT JOIN part p ON p.exercise=e.name AND p.learner=? LEFT JOIN verdict v ON v.key=p.key ORDER BY e.number`, l.Learner)
	if err != nil {
		return s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c cell
		if err := rows.Scan(&c.Exercise, &c.Key, &c.Status, &c.Message, &c.Score, &c.Points, &c.number, &c.title, &c.scenarios, &c.outcome); err != nil {
			return s.explain(err)
		}
		l.Cells = append(l.Cells, c)
	}
	return s.explain(rows.Err())
}

// weigh puts the points of the course in the place of a point for each scenario. Exercises that do not count fall away.
func (s *Store) weigh(l *line) error {
	var r result.Result
	for _, c := range l.Cells {
		e := result.Exercise{Name: c.Exercise, Number: c.number, Title: c.title, Status: c.Status, Message: c.Message}
		if e.Status == "" {
			e.Status = result.Todo
		}
		var err error
		if e.Scenarios, err = c.skeleton(); err != nil {
			return err
		}
		r.Exercises = append(r.Exercises, e)
	}
	r.Sum()
	weighed := s.Weigh(&r)
	l.Score, l.Points = weighed.Score, weighed.MaxScore
	var cells []cell
	for _, e := range weighed.Exercises {
		i := slices.IndexFunc(l.Cells, func(c cell) bool { return c.Exercise == e.Name })
		if i < 0 {
			continue
		}
		c := l.Cells[i]
		c.Score, c.Points = e.Score, e.MaxScore
		cells = append(cells, c)
	}
	l.Cells = cells
	return nil
}

// skeleton gives of a cell's scenarios what can weigh.
func (c cell) skeleton() (out []result.Scenario, err error) {
	if c.outcome == "" {
		for _, name := range strings.Fields(c.scenarios) {
			out = append(out, result.Scenario{Name: name, Status: result.Skip})
		}
		return out, nil
	}
	var all []outcome
	if err := json.Unmarshal([]byte(c.outcome), &all); err != nil {
		return nil, err
	}
	for _, o := range all {
		out = append(out, result.Scenario{Name: o.Name, Status: o.Status, Because: o.Because})
	}
	return out, nil
}

// CSV writes a gradebook: a row for each learner, a column for each exercise, in points. What has no verdict is empty, and never 0: a
// submission that could not be read, an exercise that is still to be graded; then the sum is empty too, and the last column says why.
func (s *Store) CSV(w io.Writer) error {
	columns, err := s.columns()
	if err != nil {
		return err
	}
	head := []string{"learner"}
	for _, c := range columns {
		head = append(head, c.Name)
	}
	out := csv.NewWriter(w)
	out.Write(append(head, "total", "max", "note"))
	err = s.lines(func(l line) error {
		row := []string{plain(l.Learner)}
		for _, c := range l.Cells {
			points := strconv.Itoa(c.Score)
			if c.Status == "" || l.Refused != "" {
				points = ""
			}
			row = append(row, points)
		}
		total, note := strconv.Itoa(l.Score), l.Refused
		if n := l.open(); n > 0 {
			note = s.lang.Sprintf("not graded yet: %d", n)
		}
		if note != "" {
			total = ""
		} else if names := l.unreadable(); len(names) > 0 {
			note = s.lang.Sprintf("cannot be read: %s", strings.Join(names, ", "))
		}
		out.Write(append(row, total, strconv.Itoa(l.Points), plain(note)))
		return out.Error()
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

// plain is text that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection), in one line.
func plain(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 0 && strings.ContainsRune("=+-@＝＋－＠|%", r[0]) {
		text = "'" + text
	}
	return text
}

// median is the middle one of some numbers, 0 without any.
func median(numbers []int) int {
	if len(numbers) == 0 {
		return 0
	}
	slices.Sort(numbers)
	return numbers[len(numbers)/2]
}

// Standing is how many learners there are, and how many of them wait for verdicts.
func (s *Store) Standing() (learners, open int, err error) {
	if learners, err = s.number("SELECT count(*) FROM learner"); err != nil {
		return 0, 0, err
	}
	open, err = s.number("SELECT count(DISTINCT learner) FROM (" + waiting + ")")
	return learners, open, err
}

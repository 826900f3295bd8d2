package watch

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"forklings/checker/render"
	"forklings/checker/result"
)

// Lines are the rows of the screen, as many as it has, none wider than it is.
func (m Model) Lines(now time.Time) []string {
	if m.width <= 0 || m.height <= 0 {
		return nil
	}
	if len(m.snap.Entries) == 0 {
		return m.fit(nil, []string{m.Lang.Text("looking at the exercises…")}, nil)
	}
	switch m.mode {
	case atList:
		return m.fit(m.listHead(), m.listBody(), m.foot(m.listKeys()))
	case atPage:
		title := m.bold(m.page.title)
		if m.Waiting() {
			title += "  " + m.dim(m.Lang.Text("working…"))
		}
		return m.fit([]string{title, m.rule(m.pageText())}, m.part(m.pageText()), m.foot(m.pageKeys()))
	case atMenu:
		return m.fit([]string{m.bold(m.Lang.Sprintf("Run %s", m.now().Name)), m.rule(nil)}, m.menuBody(), m.foot(m.menuKeys()))
	}
	body := m.body()
	if m.Color && m.snap.Running && m.now().Verdict != nil { // it is of what stood there before
		for i, line := range body {
			body[i] = m.dim(uncolored(line))
		}
	}
	return m.fit(m.head(now, body), m.part(body), m.foot(m.exerciseKeys()))
}

// fit puts head, body and foot into the height; of a body that is too long the end is lost, of head and foot nothing.
func (m Model) fit(head, body, foot []string) []string {
	if over := len(head) + len(foot) - m.height + 1; over > 0 {
		head = head[:max(len(head)-over, 0)]
		foot = foot[max(len(foot)-m.height, 0):]
	}
	room := max(m.height-len(head)-len(foot), 0)
	all := append([]string(nil), head...)
	for i := range room {
		if i < len(body) {
			all = append(all, body[i])
		} else {
			all = append(all, "")
		}
	}
	all = append(all, foot...)
	for i, line := range all {
		if !m.Unicode {
			line = plain(line)
		}
		all[i] = render.Cut(line, m.width)
		if m.Color {
			all[i] += "\x1b[0m" // of a line that was broken in a colour
		}
		if !m.Unicode {
			all[i] = plain(strings.ReplaceAll(all[i], "…", "~"))
		}
	}
	return all
}

// low: there are too few rows for everything.
func (m Model) low() bool { return m.height < 12 }

// room is how many rows a text has.
func (m Model) room() int {
	head := 4
	switch {
	case m.mode != atExercise:
		head = 2
	case m.low():
		head = 2
	}
	return max(m.height-head-len(m.foot("")), 1)
}

// part is what is shown of a text.
func (m Model) part(text []string) []string {
	top := max(min(m.top, len(text)-m.room()), 0)
	return text[top:]
}

// rule is the line above a text; it says when there is more than is shown.
func (m Model) rule(text []string) string {
	room := m.room()
	more := ""
	if len(text) > room {
		top := max(min(m.top, len(text)-room), 0)
		more = m.Lang.Sprintf(" lines %d to %d of %d, ↑ ↓ ", top+1, top+room, len(text))
	}
	line := strings.Repeat("─", max(m.width-render.Width(more)-2, 0))
	return m.dim(line + more + strings.Repeat("─", min(2, m.width)))
}

// head is the course, the exercise, its verdict.
func (m Model) head(now time.Time, body []string) []string {
	e := m.now()
	title := m.bold(fmt.Sprintf("%d %s", e.Number, e.Name)) + "  " + m.bold(e.Title)
	if m.low() {
		return []string{m.bold(fmt.Sprintf("%d %s", e.Number, e.Name)) + "  " + m.verdict(now), m.rule(body)}
	}
	return []string{m.course(), title, m.verdict(now), m.rule(body)}
}

// course is how far the learner has come.
func (m Model) course() string {
	passed, all := m.countPassed(), len(m.snap.Entries)
	count := m.Lang.Sprintf("%d of %d exercises", passed, all)
	room := min(m.width-len("forklings []  ")-render.Width(count), 60)
	if room < 5 {
		return "forklings  " + count
	}
	full, rest := bar(passed, all, room)
	return "forklings [" + m.paint("32", full) + m.dim(rest) + "] " + count
}

// verdict is one line: what is going on, or what came of it.
func (m Model) verdict(now time.Time) string {
	e, s := m.now(), m.snap
	line := ""
	more := func(text string) { // where there is room
		if text != "" && render.Width(line)+2+render.Width(text) <= m.width {
			line += "  " + text
		}
	}
	switch {
	case s.Running:
		line = m.paint("36", m.Lang.Sprintf("grading… %.1f s", max(now.Sub(s.Began), 0).Seconds()))
	case s.Fault != "":
		line = m.status(result.Error)
		more(m.Lang.Text("could not be judged"))
	case e.Status == result.Todo:
		line = m.status(e.Status)
		more(m.where())
	default:
		line = m.status(e.Status)
		if v := e.Verdict; v != nil {
			if v.Status == result.Pass || v.Status == result.Fail {
				more(m.Lang.Sprintf("%d of %d scenarios", v.Score, v.MaxScore))
			}
			if v.Status == result.Error && v.Message != "" && !v.Fault {
				more(m.Lang.Text("does not compile"))
			}
			if first, ok := failed(*v); ok {
				more(m.bold(first.Mistake))
			}
			if v.Fault {
				more(m.Lang.Text("not your fault"))
			}
		}
		if s.Took > 0 {
			more(m.dim(m.Lang.Sprintf("%.1f s after the save", s.Took.Seconds())))
		}
	}
	if s.Behind > 0 {
		more(m.dim(m.Lang.Sprintf("%d more to grade", s.Behind)))
	}
	return line
}

// where is the file to write, from the kit's folder.
func (m Model) where() string {
	e := m.now()
	return fmt.Sprintf("exercises/%s/%s", e.Folder, e.File)
}

func (m Model) status(s result.Status) string {
	color := map[result.Status]string{result.Pass: "32;1", result.Todo: "33", "": "2"}[s]
	return m.paint(cmp.Or(color, "31;1"), m.mark(s)+" "+render.Status(m.Lang, s))
}

// mark is one character for a status.
func (m Model) mark(s result.Status) string {
	switch s {
	case result.Pass:
		return "✓"
	case result.Todo:
		return "·"
	case result.Skip:
		return "-"
	case "":
		if !m.Unicode {
			return "~" // plain would take three columns for it
		}
		return "…"
	}
	return "✗"
}

// failed is the scenario that a learner is shown.
func failed(e result.Exercise) (result.Scenario, bool) {
	var other *result.Scenario
	for i, s := range e.Scenarios {
		switch {
		case s.Mistake != "":
			return s, true
		case other == nil && s.Status != result.Pass && s.Status != result.Skip && s.Status != "":
			other = &e.Scenarios[i]
		}
	}
	if other != nil {
		return *other, true
	}
	return result.Scenario{}, false
}

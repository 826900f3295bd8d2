package watch

import (
	"os"
	"strings"

	"forklings/checker/render"
	"forklings/checker/result"
)

// body is the text below an exercise's verdict.
func (m Model) body() []string {
	before, hints, after := m.sections()
	return join(before, hints, after)
}

// hintAt is the line at which the hints begin.
func (m Model) hintAt() int {
	before, hints, after := m.sections()
	all := len(join(before, hints, after))
	at := len(before)
	if at > 0 {
		at++
	}
	if at+len(hints) <= m.room() {
		return 0
	}
	return max(min(at, all-m.room()), 0)
}

func join(parts ...[]string) (all []string) {
	for _, part := range parts {
		if len(part) > 0 && len(all) > 0 {
			all = append(all, "")
		}
		all = append(all, part...)
	}
	return all
}

func (m Model) sections() (before, hints, after []string) {
	e, s := m.now(), m.snap
	hints = m.hints()
	v := e.Verdict
	switch {
	case s.Fault != "":
		return sentences(s.Fault, m.width), hints, m.wrapped(m.Lang.Text("The machine or the kit did this, not your attempt. r, and then Enter, grades again; checker doctor says what this machine allows."))
	case e.Status == result.Todo:
		return hints, nil, m.task()
	case v == nil:
		return hints, nil, m.task()
	case v.Status == result.Pass:
		return m.pass(*v), hints, m.markdown(s.After)
	case v.Message != "":
		return sentences(v.Message, m.width), hints, nil
	}
	first, ok := failed(*v)
	if !ok {
		return m.scenarios(*v), hints, nil
	}
	style := m.style()
	if style.Width >= 56 {
		style.Width += 4 // the margin that dedent takes away
	}
	events := first.Timeline
	first.Timeline, first.Hint = nil, "" // both come below
	var b strings.Builder
	render.Scenario(&b, first, style)
	before = join(block(b.String(), m.width), m.scenarios(*v))
	if len(events) > 0 {
		after = block(render.Timeline(events, true, style), m.width)
	}
	return before, hints, after
}

// pass says that an exercise passes, and what can be done now.
func (m Model) pass(v result.Exercise) []string {
	var all []string
	for _, s := range v.Scenarios {
		if s.Status == result.Skip && s.Because != "" {
			all = append(all, m.wrapped(m.Lang.Sprintf("%s was not played: %s", s.Name, s.Because))...)
		}
	}
	if m.snap.Running { // it was changed
		return all
	}
	next := ""
	if i := m.following(); m.snap.Entries[i].Status != result.Pass {
		x := m.snap.Entries[i]
		next = m.Lang.Sprintf("n goes on to %d %s.", x.Number, x.Name)
	} else if m.countPassed() == len(m.snap.Entries) {
		next = m.Lang.Text("Every exercise of the course passes.")
	}
	return append(all, m.wrapped(m.Lang.Sprintf("d compares it with the solution. %s", next))...)
}

// scenarios are all of them in a few lines.
func (m Model) scenarios(v result.Exercise) (all []string) {
	line := ""
	for _, s := range v.Scenarios {
		word := m.mark(s.Status) + " " + s.Name
		switch {
		case line == "":
		case render.Width(line)+2+render.Width(word) > m.width:
			all, line = append(all, line), ""
		default:
			line += "  "
		}
		color := "31"
		switch s.Status {
		case result.Pass:
			color = "32"
		case result.Skip:
			color = "2" // nobody's failure
		}
		line += m.paint(color, word)
	}
	if line != "" {
		all = append(all, line)
	}
	return all
}

// hints are the tiers that were revealed.
func (m Model) hints() (all []string) {
	for i, text := range m.snap.Hints {
		head := m.Lang.Sprintf("hint %d of 3", i+1)
		indent := strings.Repeat(" ", render.Width(head)+2)
		if m.width < 60 {
			all = append(all, m.paint("35", head))
			indent = "  "
		}
		for j, line := range render.Fill(text, max(m.width-len(indent), 10)) {
			for _, part := range sentences(line, max(m.width-len(indent), 10)) { // code, which Fill leaves as it is
				before := indent
				if j == 0 && m.width >= 60 {
					before = m.paint("35", head) + "  "
				}
				all = append(all, before+part)
			}
		}
	}
	return all
}

// task is the exercise's README, as far as it is not the title.
func (m Model) task() []string {
	e := m.now()
	text, err := os.ReadFile(e.Readme(m.Lang))
	if err != nil {
		text, err = os.ReadFile(e.Readme(""))
	}
	if err != nil {
		return lines(printable(err.Error()), m.width)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	return m.markdown(printable(rest))
}

// wrapped breaks a sentence.
func (m Model) wrapped(text string) []string { return render.Fill(text, max(m.width, 10)) }

package watch

import (
	"forklings/checker/hints"
	"forklings/checker/result"
)

// Key takes a key by its name ("a", "ctrl+c", "up", "enter"), and gives what is to be done.
func (m Model) Key(name string) (Model, Action) {
	m.note = ""
	switch name {
	case "ctrl+c":
		return m, Action{Do: Quit}
	case "ctrl+z":
		return m, Action{Do: Suspend}
	}
	if len(m.snap.Entries) == 0 {
		if name == "q" {
			return m, Action{Do: Quit}
		}
		return m, Action{}
	}
	switch m.mode {
	case atList:
		return m.listKey(name)
	case atPage:
		return m.pageKey(name)
	case atMenu:
		return m.menuKey(name)
	case atReset:
		m.mode = atExercise
		if name == "y" || name == "Y" {
			return m, Action{Do: Reset}
		}
		return m.Note(m.Lang.Text("Nothing was changed.")), Action{}
	}
	return m.exerciseKey(name)
}

func (m Model) exerciseKey(name string) (Model, Action) {
	e := m.now()
	switch name {
	case "q":
		return m, Action{Do: Quit}
	case "h":
		switch {
		case e.Status == result.Pass:
			return m.about(m.Lang.Text("It passes: there is nothing to hint at.")), Action{}
		case e.Status == result.Error && m.snap.Mistake == "":
			m.top = 0
			return m.about(m.Lang.Text("It does not compile: the lines above say why. A hint is for what goes wrong in a run.")), Action{}
		case m.snap.Mistake == "":
			return m.about(m.Lang.Text("A hint needs the verdict, which is on its way.")), Action{}
		case len(m.snap.Hints) >= hints.Count:
			m.top = m.hintAt()
			return m.about(m.Lang.Text("There are no more hints.")), Action{}
		case len(m.snap.Hints) > 0:
			m.top = m.hintAt()
		}
		return m, Action{Do: Reveal}
	case "n", "right":
		if m.following() == m.snap.Current {
			return m.Note(m.Lang.Text("This is the last exercise.")), Action{}
		}
		return m.choose(m.following())
	case "p", "left":
		if m.snap.Current == 0 {
			return m.Note(m.Lang.Text("This is the first exercise.")), Action{}
		}
		return m.choose(m.snap.Current - 1)
	case "g":
		if m.snap.Saved < 0 {
			return m.Note(m.Lang.Text("No other exercise was saved meanwhile.")), Action{}
		}
		return m.choose(m.snap.Saved)
	case "l":
		m.mode, m.list = atList, m.openList()
	case "r":
		return m, Action{Do: Menu}
	case "t":
		if e.Status == result.Todo {
			return m.about(m.Lang.Sprintf("There is nothing to trace yet: write %s first.", e.File)), Action{}
		}
		return m, Action{Do: Trace}
	case "d":
		if e.Status != result.Pass {
			return m.about(m.Lang.Sprintf("The solution is for comparing after a pass; h shows a hint. Without a pass: checker solution -give-up %s", e.Name)), Action{}
		}
		return m, Action{Do: Diff}
	case "i":
		return m, Action{Do: Task}
	case "o", "e":
		return m, Action{Do: Edit}
	case "x":
		if e.Status == result.Todo {
			return m.about(m.Lang.Sprintf("%s is the stub already.", e.File)), Action{}
		}
		m.mode = atReset
	case "?":
		return m.Open(m.Lang.Text("Help"), help), Action{}
	default:
		m.top = m.scrolled(name, len(m.body()))
	}
	return m, Action{}
}

func (m Model) choose(i int) (Model, Action) {
	if i < 0 || i >= len(m.snap.Entries) || i == m.snap.Current {
		return m, Action{}
	}
	m.mode, m.top = atExercise, 0
	m.choices++
	s := &m.snap // until the engine says more
	s.Current, s.Hints, s.After, s.Fault, s.Took, s.Running = i, nil, "", "", 0, false
	if s.Saved == i {
		s.Saved = -1
	}
	return m, Action{Do: Choose, Exercise: i}
}

func (m Model) pageKey(name string) (Model, Action) {
	switch name {
	case "q", "esc", "enter", "backspace":
		return m.leave()
	case "?", "t", "d", "i": // the key that has opened it
		return m.leave()
	}
	if m.page.text != nil {
		m.top = m.scrolled(name, len(m.pageText()))
	}
	return m, Action{}
}

func (m Model) leave() (Model, Action) {
	a := Action{}
	if m.Waiting() {
		a.Do = Stop
	}
	m.mode, m.top = atExercise, 0
	if m.page.list {
		m.mode = atList
	}
	return m, a
}

// scrolled is the first line to show of so many after a key.
func (m Model) scrolled(name string, lines int) int {
	room := m.room()
	top := m.top
	switch name {
	case "down", "j":
		top++
	case "up", "k":
		top--
	case "pgdown", "space", "f", "ctrl+f":
		top += max(room-1, 1)
	case "pgup", "b", "ctrl+b":
		top -= max(room-1, 1)
	case "ctrl+d":
		top += max(room/2, 1)
	case "ctrl+u":
		top -= max(room/2, 1)
	case "home", "<":
		top = 0
	case "end", "G", ">":
		top = lines
	}
	return max(min(top, lines-room), 0)
}

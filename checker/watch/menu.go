package watch

import "strings"

// menu is what can be run: a grading, or the exercise's program in one of its roles.
type menu struct {
	roles [][]string
	at    int // 0: grade again
}

// OpenMenu opens the menu of what can be run.
func (m Model) OpenMenu(roles [][]string) Model {
	m.mode, m.menu = atMenu, menu{roles: roles}
	return m
}

func (m Model) menuKey(name string) (Model, Action) {
	switch name {
	case "q", "esc":
		m.mode = atExercise
	case "r":
		m.menu.at = 0
		return m.menuKey("enter")
	case "down", "j":
		m.menu.at = min(m.menu.at+1, len(m.menu.roles))
	case "up", "k":
		m.menu.at = max(m.menu.at-1, 0)
	case "enter":
		m.mode = atExercise
		if m.menu.at == 0 {
			return m, Action{Do: Again}
		}
		return m, Action{Do: Play, Role: m.menu.roles[m.menu.at-1]}
	}
	return m, Action{}
}

// menuBody is the part of the menu around what is chosen.
func (m Model) menuBody() (all []string) {
	item := func(n int, text string) {
		if n == m.menu.at {
			all = append(all, m.bold("▸ "+text))
		} else {
			all = append(all, "  "+text)
		}
	}
	item(0, m.Lang.Text("grade it again"))
	for i, role := range m.menu.roles {
		item(i+1, m.Lang.Sprintf("its program by hand, as %s", strings.Join(role, " ")))
	}
	room := m.room()
	top := max(min(m.menu.at-room/2, len(all)-room), 0)
	return all[top:]
}

func (m Model) menuKeys() string {
	l := m.Lang
	return m.row([]binding{{"↑↓", l.Text("choose"), 1}, {"Enter", l.Text("run"), 0}, {"q", l.Text("back"), 0}})
}

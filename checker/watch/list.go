package watch

import (
	"cmp"
	"fmt"
	"strings"

	"forklings/checker/render"
	"forklings/checker/result"
)

// show is which exercises a list holds.
type show int

const (
	showAll show = iota
	showOpen
	showFailed
	showPassed
	shows
)

// list is the list of the exercises.
type list struct {
	at     int // an exercise
	search string
	typing bool
	show   show
}

func (m Model) openList() list { return list{at: m.snap.Current} }

// found are the exercises that the list holds.
func (m Model) found() (all []int) {
	words := strings.Fields(m.list.search)
	for i, e := range m.snap.Entries {
		ok := e.Find.Fits(words)
		switch m.list.show {
		case showOpen:
			ok = ok && e.Status != result.Pass
		case showFailed:
			ok = ok && (e.Status == result.Fail || e.Status == result.Error)
		case showPassed:
			ok = ok && e.Status == result.Pass
		}
		if ok {
			all = append(all, i)
		}
	}
	return all
}

// cursor is the place of the chosen exercise among those found: itself, or the one behind it, or the last.
func (m Model) cursor(found []int) int {
	for n, i := range found {
		if i >= m.list.at {
			return n
		}
	}
	return len(found) - 1
}

func (m Model) listKey(name string) (Model, Action) {
	found := m.found()
	at := m.cursor(found)
	move := func(to int) (Model, Action) {
		if len(found) > 0 {
			m.list.at = found[max(min(to, len(found)-1), 0)]
		}
		return m, Action{}
	}
	if m.list.typing {
		return m.typed(name, found, at)
	}
	switch name {
	case "q", "esc", "l":
		if m.list.search != "" || m.list.show != showAll {
			m.list.search, m.list.show = "", showAll
			if name != "q" {
				return m, Action{}
			}
		}
		m.mode, m.top = atExercise, 0
	case "enter":
		return m.jump(found, at)
	case "/":
		m.list.typing = true
	case "f", "tab":
		m.list.show = (m.list.show + 1) % shows
	case "down", "j", "n":
		return move(at + 1)
	case "up", "k", "p":
		return move(at - 1)
	case "pgdown", "space", "ctrl+f", "ctrl+d":
		return move(at + m.listRoom()/2)
	case "pgup", "b", "ctrl+b", "ctrl+u":
		return move(at - m.listRoom()/2)
	case "home", "<":
		return move(0)
	case "end", "G", ">":
		return move(len(found))
	case "?":
		m = m.Open(m.Lang.Text("Help"), help)
		m.page.list = true
		return m, Action{}
	}
	return m, Action{}
}

// typed takes a key while a search is typed.
func (m Model) typed(name string, found []int, at int) (Model, Action) {
	switch name {
	case "esc":
		m.list.typing, m.list.search = false, ""
	case "enter":
		m.list.typing = false
		if len(found) == 1 {
			return m.jump(found, at)
		}
	case "backspace":
		if r := []rune(m.list.search); len(r) > 0 {
			m.list.search = string(r[:len(r)-1])
		} else {
			m.list.typing = false
		}
	case "ctrl+u":
		m.list.search = ""
	case "down", "up", "tab":
		m.list.typing = false
		return m.listKey(strings.ReplaceAll(name, "tab", "down"))
	case "space":
		m.list.search += " "
	default:
		if text := []rune(name); len(text) == 1 && len(m.list.search) < 100 {
			m.list.search += printable(name)
		}
	}
	return m, Action{}
}

func (m Model) jump(found []int, at int) (Model, Action) {
	if len(found) == 0 {
		return m, Action{}
	}
	m.mode, m.top = atExercise, 0
	return m.choose(found[at])
}

func (m Model) listHead() []string {
	l := m.Lang
	name := []string{l.Text("all"), l.Text("without a pass"), render.Status(l, result.Fail), render.Status(l, result.Pass)}[m.list.show]
	head := m.bold(l.Text("Exercises")) + "  " + l.Sprintf("%[2]d shown: %[1]s", name, len(m.found()))
	if m.list.typing || m.list.search != "" {
		cursor := ""
		if m.list.typing {
			cursor = "_"
		}
		head += "  /" + m.bold(m.list.search) + cursor
	}
	if m.low() {
		return []string{head}
	}
	return []string{m.course(), head, m.dim(strings.Repeat("─", m.width))}
}

func (m Model) listRoom() int {
	return max(m.height-len(m.listHead())-len(m.foot("")), 1)
}

// listBody is the part of the list around the chosen exercise, with the chapters' titles.
func (m Model) listBody() []string {
	found := m.found()
	if len(found) == 0 {
		return []string{m.Lang.Text("No exercise is like that. Esc shows all.")}
	}
	at := m.cursor(found)
	var all []string
	chosen, chapter := 0, ""
	for n, i := range found {
		e := m.snap.Entries[i]
		if e.Chapter != chapter {
			chapter = e.Chapter
			all = append(all, m.bold(chapter))
		}
		if n == at {
			chosen = len(all)
		}
		all = append(all, m.item(i, n == at))
	}
	room := m.listRoom()
	top := max(min(chosen-room/2, len(all)-room), 0)
	return all[top:]
}

// item is a line of the list.
func (m Model) item(i int, chosen bool) string {
	e := m.snap.Entries[i]
	pointer := "  "
	if chosen {
		pointer = "▸ "
	}
	if m.width < 60 {
		line := fmt.Sprintf("%s%s %2d %s", pointer, m.mark(e.Status), e.Number, e.Name)
		if chosen {
			return m.paint("7", render.Pad(render.Cut(line, m.width), m.width))
		}
		return line
	}
	line := fmt.Sprintf("%s%2d  %s ", pointer, e.Number, render.Pad(e.Name, m.nameWidth()))
	if chosen {
		line = m.bold(line)
	}
	return line + render.Pad(m.state(e.Status), m.stateWidth()+2) + e.About
}

// state is an exercise's, in the words of checker list. The mark tells what fails from what is not graded yet.
func (m Model) state(s result.Status) string {
	color := map[result.Status]string{result.Pass: "32", result.Fail: "31", result.Error: "31", result.Todo: "2"}[s]
	return m.paint(cmp.Or(color, "33"), m.mark(s)+" "+render.Status(m.Lang, s))
}

// nameWidth is how many columns the longest name takes.
func (m Model) nameWidth() (widest int) {
	for _, e := range m.snap.Entries {
		widest = max(widest, render.Width(e.Name))
	}
	return widest
}

// stateWidth is how many columns the longest state takes.
func (m Model) stateWidth() (widest int) {
	bare := m
	bare.Color = false
	for _, s := range []result.Status{result.Pass, result.Fail, result.Error, result.Todo, ""} {
		widest = max(widest, render.Width(bare.state(s)))
	}
	return widest
}

func (m Model) listKeys() string {
	l := m.Lang
	if m.list.typing {
		enter := l.Text("done")
		if len(m.found()) == 1 {
			enter = l.Text("go there")
		}
		return m.row([]binding{{"Enter", enter, 0}, {"Esc", l.Text("show all"), 1}})
	}
	return m.row([]binding{{"↑↓", l.Text("choose"), 3}, {"Enter", l.Text("go there"), 0}, {"/", l.Text("search"), 1}, {"f", l.Text("filter"), 2}, {"q", l.Text("back"), 0}})
}

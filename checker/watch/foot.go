package watch

import (
	"strings"

	"forklings/checker/render"
	"forklings/checker/result"
)

// binding is a key and what it does, in a word.
type binding struct {
	key, word string
	rank      int // those of a higher rank are left out first where there is no room
}

// foot is at the bottom: what is to be said, and the keys.
func (m Model) foot(keys string) (all []string) {
	switch s := m.snap; {
	case m.mode == atReset:
		return m.message("33;1", m.Lang.Sprintf("Put the stub of %s back? What you wrote is kept in a backup. y/N", m.now().Name))
	case m.note != "":
		all = m.message("33", m.note)
	case s.Broken != "":
		all = m.message("31", m.Lang.Text("checker failed; quit and start it again"))
	case s.Saved >= 0 && m.mode == atExercise:
		x := s.Entries[s.Saved]
		all = m.message("33", m.Lang.Sprintf("%d %s was saved too; g goes there", x.Number, x.Name))
	case s.Trouble != "":
		all = m.message("33", s.Trouble)
	}
	if m.snap.Polling != "" && !m.low() {
		all = append(all, m.message("2", m.Lang.Sprintf("Files are looked at 4 times a second: %s.", m.snap.Polling))...)
	}
	return append(all, keys)
}

// message is what is to be said, in up to three lines, fewer where there are few rows; what is longer ends with an ellipsis.
func (m Model) message(color, text string) (all []string) {
	for _, line := range render.Fill(text, max(m.width, 10)) {
		all = append(all, chop(line, max(m.width, 10))...)
	}
	if most := min(max(m.height/4, 1), 3); len(all) > most {
		last := strings.Join(all[most-1:], " ")
		all = append(all[:most-1], render.Cut(last, m.width))
	}
	for i, line := range all {
		all[i] = m.paint(color, line)
	}
	return all
}

// row is as many bindings as there is room for.
func (m Model) row(all []binding) string {
	for rank := 9; ; rank-- {
		var words []string
		for _, b := range all {
			if b.rank <= rank {
				words = append(words, b.key+" "+b.word)
			}
		}
		if line := strings.Join(words, "  "); render.Width(line) <= m.width || rank == 0 {
			painted := make([]string, len(words))
			for i, w := range words {
				key, word, _ := strings.Cut(w, " ")
				painted[i] = m.bold(key) + " " + m.dim(word)
			}
			return strings.Join(painted, "  ")
		}
	}
}

func (m Model) exerciseKeys() string {
	l := m.Lang
	diff, hint := 8, 0
	if m.now().Status == result.Pass {
		diff, hint = 0, 8
	}
	return m.row([]binding{
		{"h", l.Text("hint"), hint}, {"n", l.Text("next"), 1}, {"p", l.Text("previous"), 6}, {"l", l.Text("list"), 1}, {"r", l.Text("run"), 4},
		{"t", l.Text("trace"), 5}, {"d", l.Text("diff"), diff}, {"o", l.Text("open"), 2}, {"x", l.Text("reset"), 7}, {"?", l.Text("help"), 0}, {"q", l.Text("quit"), 0},
	})
}

func (m Model) pageKeys() string {
	l := m.Lang
	return m.row([]binding{{"↑↓", l.Text("scroll"), 1}, {"Space", l.Text("page on"), 2}, {"b", l.Text("page back"), 3}, {"q", l.Text("back"), 0}})
}

func (m Model) pageText() []string {
	if m.page.text == nil {
		return nil
	}
	return m.page.text(m)
}

// help is what every key does.
func help(m Model) []string {
	l := m.Lang
	rows := []binding{
		{"h", l.Text("the next hint for what went wrong; three at most, from a question to nearly the code"), 0},
		{"n p", l.Text("the next exercise that has not passed; the one before"), 0},
		{"l", l.Text("the list of all exercises, to search in and to jump to one"), 0},
		{"i", l.Text("the task: the exercise's README"), 0},
		{"o e", l.Text("open your file in $VISUAL or $EDITOR, at the line in question"), 0},
		{"r", l.Text("run: grade again, or the exercise's program by hand, held at every point"), 0},
		{"t", l.Text("trace: what the processes of every scenario do"), 0},
		{"d", l.Text("after a pass: your file compared with the solution"), 0},
		{"x", l.Text("reset: put the stub back; what you wrote is kept in a backup"), 0},
		{"g", l.Text("go to the exercise that was saved last"), 0},
		{"↑ ↓ j k", l.Text("scroll a line; Space and b a page, Home and End to the ends"), 0},
		{"Ctrl-L", l.Text("draw the screen anew"), 0},
		{"Ctrl-Z", l.Text("suspend; fg comes back"), 0},
		{"q Ctrl-C", l.Text("quit; nothing is left running"), 0},
	}
	const keys = 9
	var all []string
	for _, b := range rows {
		for i, line := range render.Fill(b.word, max(m.width-keys-1, 10)) {
			head := m.bold(render.Pad(b.key, keys))
			if i > 0 {
				head = strings.Repeat(" ", keys)
			}
			all = append(all, head+" "+line)
		}
	}
	all = append(all, "")
	text := l.Text("Save your file, and it is graded: a newer save cancels the grading of an older one. A verdict is of what the file holds, not of how often it was saved. A pass stays on the screen until you go on.")
	return append(all, render.Fill(text, m.width)...)
}

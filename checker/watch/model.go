package watch

import (
	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
)

// Do is what the screen is asked to do after a key.
type Do int

const (
	Nothing Do = iota
	Quit
	Suspend
	Choose // Exercise
	Again
	Reveal
	Trace
	Diff
	Task
	Edit
	Reset
	Menu // of what can be run
	Play // Role
	Stop // what a page waits for
)

// Action is what is to be done, and with what.
type Action struct {
	Do       Do
	Exercise int
	Role     []string // and its arguments
}

// mode is what has the keys.
type mode int

const (
	atExercise mode = iota
	atList
	atPage
	atMenu  // what to run
	atReset // the question whether to
)

// Model is what is on the screen. It changes by Key, by Resize and by Show; nothing else goes in.
type Model struct {
	Lang    lang.Lang
	Color   bool
	Unicode bool

	snap          Snapshot
	width, height int
	mode          mode
	choices       int    // of another exercise, so far
	note          string // until the next key, or until there is something newer to say
	fleeting      bool   // the note is about the verdict, and over with it
	passed        int    // the verdict after which the screen has said that it passes

	top   int // the first line of the text that is shown
	reset bool
	page  page
	list  list
	menu  menu
}

// page is a text on top of the exercise, or of the list.
type page struct {
	title string
	text  func(Model) []string // nil: it is waited for
	list  bool                 // to be left for the list
}

// Resize takes the size of the terminal.
func (m Model) Resize(width, height int) Model {
	m.width, m.height = width, height
	return m
}

// Show takes what the engine has published. Another exercise is shown from its beginning; a verdict, too, and
// the task when the stub is back.
func (m Model) Show(s Snapshot) Model {
	old := m.snap
	if s.Choices < m.choices {
		return m // it was made before the engine heard of the last one
	}
	m.snap, m.choices = s, s.Choices
	if len(old.Entries) == 0 {
		return m
	}
	if s.Saves != old.Saves || s.Trouble != old.Trouble && s.Trouble != "" || m.fleeting && s.verdict() != old.verdict() {
		m.note = ""
	}
	stub := old.Current == s.Current && m.now().Status == result.Todo && old.Entries[old.Current].Status != result.Todo // is back
	if old.Current != s.Current || old.Verdicts != s.Verdicts || stub {
		if m.mode == atExercise {
			m.top = 0
		}
	}
	if len(s.Hints) > len(old.Hints) && old.Current == s.Current && m.mode == atExercise {
		m.top = m.hintAt()
	}
	return m
}

// Note says something until the next key, or until there is something newer to say.
func (m Model) Note(text string) Model {
	m.note, m.fleeting = printable(text), false
	return m
}

// about says something about the verdict that is shown: it is over with the next one.
func (m Model) about(text string) Model {
	m = m.Note(text)
	m.fleeting = true
	return m
}

// verdict is the current exercise's.
func (s Snapshot) verdict() *result.Exercise { return s.Entries[s.Current].Verdict }

// Wait opens a page whose text is still being made.
func (m Model) Wait(title string) Model {
	m.mode, m.top, m.page = atPage, 0, page{title: title}
	return m
}

// Open opens a page.
func (m Model) Open(title string, text func(Model) []string) Model {
	m.mode, m.top, m.page = atPage, 0, page{title: title, text: text}
	return m
}

// Waiting reports whether a page is still being made.
func (m Model) Waiting() bool { return m.mode == atPage && m.page.text == nil }

// Busy reports whether time is shown that passes.
func (m Model) Busy() bool { return m.snap.Running || m.snap.Behind > 0 || m.Waiting() }

func (m Model) now() Entry {
	if len(m.snap.Entries) == 0 {
		return Entry{}
	}
	return m.snap.Entries[m.snap.Current]
}

func (m Model) countPassed() (n int) {
	for _, e := range m.snap.Entries {
		if e.Status == result.Pass {
			n++
		}
	}
	return n
}

// countOpen is how many exercises are yet to be graded.
func (m Model) countOpen() (n int) {
	for _, e := range m.snap.Entries {
		if e.Status == "" {
			n++
		}
	}
	return n
}

// following is the exercise to go on with: the next that has not passed, behind the last the first; where all have, the next one.
func (m Model) following() int {
	all := m.snap.Entries
	for n := 1; n < len(all); n++ {
		if i := (m.snap.Current + n) % len(all); all[i].Status != result.Pass {
			return i
		}
	}
	return min(m.snap.Current+1, len(all)-1)
}

func (m Model) style() render.Style {
	return render.Style{Lang: m.Lang, Color: m.Color, Width: max(m.width, 20)}
}

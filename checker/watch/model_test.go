package watch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// nasty is what a learner's program might print to a terminal.
const nasty = "\x1b[2J\x1b]0;mine\x07\x1b[31mred \u202eback \x9b5mblink\r\x00\t进程"

func verdictOf(name string, status result.Status) result.Exercise {
	e := result.Exercise{Name: name, Number: 1, Title: nasty, Status: status, Score: 1, MaxScore: 3}
	for i := range 3 {
		s := result.Scenario{Name: fmt.Sprint("scenario-", i), Title: "It does " + nasty, Status: result.Pass}
		if i > 0 && status == result.Fail {
			s.Status, s.Mistake, s.Expected, s.Actual, s.File, s.Line = result.Fail, "returns-early", "parent is at joined "+nasty, nasty, "exercises/a.txtar", 3
			s.Output = strings.Repeat("x", 500) + nasty + strings.Repeat("进程", 200)
			for t := range 40 {
				s.Timeline = append(s.Timeline, result.Event{Microseconds: int64(t) * 100, Who: []string{"parent", "child"}[t%2], What: "says " + nasty, Kind: result.Act})
			}
		}
		e.Scenarios = append(e.Scenarios, s)
	}
	if status == result.Error {
		e.Message = "exercises/01-a/a.go:7:2: undefined: " + nasty + strings.Repeat(" and so on", 40)
	}
	return e
}

// courses is a snapshot with an exercise of every status.
func courses(t testing.TB) Snapshot {
	dir := t.TempDir()
	s := Snapshot{Saved: -1, Mistake: "returns-early", Hints: []string{"A question?", "A concept.\n\n    code()\n"}, After: "## Read on\n\n- [wait(2)](https://man7.org/wait)\n"}
	for i, status := range []result.Status{result.Pass, result.Fail, result.Error, result.Todo, ""} {
		e := Entry{Exercise: kit.Exercise{Number: i + 1, Name: fmt.Sprint("name-", i), Folder: fmt.Sprintf("0%d-name-%d", i+1, i), File: "name.go", Dir: dir}, Title: "Title: 等待子进程", About: "等待子进程", Chapter: []string{"Birth", "等待与结束"}[i/3], Status: status}
		e.Find = kit.Searched{Number: i + 1, Texts: []string{e.Name, e.Title, e.Chapter, "os.wait"}}
		if status != result.Todo && status != "" {
			v := cleaned(verdictOf(e.Name, status))
			e.Verdict = &v
		}
		s.Entries = append(s.Entries, e)
	}
	return s
}

func model(t testing.TB, width, height int) Model {
	return Model{Lang: lang.English, Unicode: true}.Show(courses(t)).Resize(width, height)
}

func press(m Model, keys ...string) Model {
	for _, key := range keys {
		m, _ = m.Key(key)
	}
	return m
}

func screen(m Model) string { return strings.Join(m.Lines(time.Now()), "\n") }

var (
	colors  = regexp.MustCompile("\x1b\\[[0-9;]*m")
	control = regexp.MustCompile("[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e]")
)

func TestEveryScreenFitsEverySize(t *testing.T) {
	s := courses(t)
	for _, l := range lang.All {
		for _, width := range []int{1, 20, 40, 80, 300} {
			for _, height := range []int{1, 3, 11, 24} {
				for n, keys := range [][]string{nil, nil, nil, nil, nil, {"end"}, {"end"}, {"l"}, {"l", "/", "n"}, {"l", "f", "end"}, {"?"}, {"x"}, {"r"}, {"d"}} {
					for _, current := range []int{n % len(s.Entries)} {
						s.Current = current
						m := Model{Lang: l, Color: current%2 == 0, Unicode: true}.Show(s).Resize(width, height)
						m = press(m, keys...)
						check := func(m Model) {
							rows := m.Lines(time.Now())
							require.Len(t, rows, height, "%d x %d %v", width, height, keys)
							for _, row := range rows {
								require.LessOrEqual(t, render.Width(row), width, "%q", row)
								require.False(t, control.MatchString(colors.ReplaceAllString(row, "")), "%q", row)
								if !m.Color {
									require.NotContains(t, row, "\x1b")
								}
							}
						}
						check(m)
						m.Unicode = false
						check(m)
						for _, row := range m.Lines(time.Now()) {
							require.Equal(t, -1, strings.IndexFunc(row, func(r rune) bool { return r > 127 }), "%q", row)
						}
					}
				}
			}
		}
	}
}

func TestTheScreenOfAFailure(t *testing.T) {
	s := courses(t)
	s.Current, s.Took = 1, 600*time.Millisecond
	m := Model{Unicode: true}.Show(s).Resize(100, 60)
	text := screen(m)
	for _, want := range []string{"1 of 5 exercises", "2 name-1  Title: 等待子进程", "✗ fail  1 of 3 scenarios  returns-early  0.6 s after the save", "expected parent is at joined",
		"seen ", "✓ scenario-0  ✗ scenario-1", "hint 1 of 3  A question?", "hint 2 of 3", "    code()", "parent", "ms  "} {
		require.Contains(t, text, want)
	}
	require.Contains(t, text, `\x1b[2J\x1b]0;mine\a`, "shown as what it is")
}

func TestAPassStaysUntilTheLearnerGoesOn(t *testing.T) {
	m := model(t, 80, 24)
	require.Contains(t, screen(m), "d compares it with the solution. n goes on to 2 name-1.")
	s := m.snap
	s.Verdicts++
	m = m.Show(s)
	require.Contains(t, screen(m), "1 name-0")
	_, a := m.Key("n")
	require.Equal(t, Action{Do: Choose, Exercise: 1}, a)
	m, a = m.Key("p")
	require.Equal(t, Action{}, a, "there is none before the first")
	require.Contains(t, screen(m), "This is the first exercise.")
	require.Contains(t, screen(press(m, "g")), "No other exercise was saved meanwhile.")
	for i := range s.Entries {
		s.Entries[i].Status = result.Pass
	}
	s.Current = len(s.Entries) - 1
	require.Contains(t, screen(press(m.Show(s), "n")), "This is the last exercise.")
	_, a = m.Key("d")
	require.Equal(t, Diff, a.Do)
}

func TestNextIsWhatHasNotPassed(t *testing.T) {
	s := courses(t)
	s.Current = 3
	s.Entries[4].Status, s.Entries[1].Status = result.Pass, result.Pass
	_, a := Model{}.Show(s).Resize(80, 24).Key("n")
	require.Equal(t, Action{Do: Choose, Exercise: 2}, a)
}

func TestTheSolutionIsNotShownBeforeAPass(t *testing.T) {
	s := courses(t)
	for _, s.Current = range []int{1, 2, 3, 4} {
		m, a := Model{}.Show(s).Resize(120, 24).Key("d")
		require.Equal(t, Action{}, a)
		require.Contains(t, screen(m), "The solution is for comparing after a pass")
	}
}

func TestResetAsksFirst(t *testing.T) {
	s := courses(t)
	s.Current = 1
	m := Model{}.Show(s).Resize(80, 24)
	m, a := m.Key("x")
	require.Equal(t, Action{}, a)
	require.Contains(t, screen(m), "Put the stub of name-1 back?")
	_, a = m.Key("n")
	require.Equal(t, Action{}, a)
	_, a = m.Key("enter")
	require.Equal(t, Action{}, a)
	_, a = m.Key("y")
	require.Equal(t, Reset, a.Do)
}

func TestTheListIsATableWithoutUnicodeToo(t *testing.T) {
	for _, m := range []Model{model(t, 80, 24), {Lang: lang.English, snap: courses(t), width: 80, height: 24}} {
		columns := map[int]int{}
		for _, line := range press(m, "l").Lines(time.Now()) {
			before, _, found := strings.Cut(strings.ReplaceAll(line, "等待子进程", "?????"), "?????")
			if found && strings.Contains(line, "name-") {
				columns[render.Width(before)]++
			}
		}
		require.Len(t, columns, 1)
		for _, rows := range columns {
			require.Equal(t, 5, rows)
		}
	}
}

func TestTheListFindsAndJumps(t *testing.T) {
	m := press(model(t, 100, 24), "l")
	for _, want := range []string{"Birth", "等待与结束", "▸  1  name-0", "✓ pass", "✗ fail", "✗ error", "· todo", "… begun", "all"} {
		require.Contains(t, screen(m), want)
	}
	m = press(m, "f")
	require.NotContains(t, screen(m), "name-0")
	require.Contains(t, screen(m), "4 shown: without a pass")
	m = press(m, "f", "f")
	require.NotContains(t, screen(m), "name-1")
	require.Contains(t, screen(m), "1 shown: pass")
	m = press(m, "esc", "/", "等", "待", "space", "-", "2")
	require.Contains(t, screen(m), "/等待 -2_")
	require.NotContains(t, screen(m), "name-0")
	require.Contains(t, screen(m), "name-2")
	m, a := m.Key("enter")
	require.Equal(t, Action{Do: Choose, Exercise: 2}, a, "the only one that is left")
	m = press(m, "l", "/", "z", "z")
	require.Contains(t, screen(m), "No exercise is like that")
	_, a = press(m, "enter").Key("enter")
	require.Equal(t, Action{}, a)
	m = press(m, "backspace", "backspace", "enter", "end")
	_, a = m.Key("enter")
	require.Equal(t, Action{Do: Choose, Exercise: 4}, a)
}

func TestAHintThatWasAskedForIsInSight(t *testing.T) {
	s := courses(t)
	s.Current = 1
	s.Hints = nil
	m := Model{}.Show(s).Resize(60, 16)
	require.NotContains(t, screen(m), "hint 1 of 3")
	s.Hints = []string{"A question?"}
	require.Contains(t, screen(m.Show(s)), "hint 1 of 3  A question?")
}

func TestScrollingEndsAtTheEnds(t *testing.T) {
	s := courses(t)
	s.Current = 1
	m := Model{Unicode: true}.Show(s).Resize(80, 24)
	top := screen(m)
	require.Contains(t, top, "lines 1 to ")
	require.Equal(t, top, screen(press(m, "up", "k", "pgup", "home")))
	end := press(m, "end")
	require.Equal(t, screen(end), screen(press(end, "down", "j", "pgdown", "G")))
	require.NotEqual(t, top, screen(end))
	require.Equal(t, top, screen(press(end, "home")))
	small := press(m, "end").Resize(80, 60)
	require.Len(t, small.Lines(time.Now()), 60)
}

func TestAMessageIsBrokenBetweenWords(t *testing.T) {
	text := "a.go:78:26: cannot use \"x\" (untyped string constant) as int value in return statement\n    have (string)\n" + strings.Repeat("x", 90)
	require.Equal(t, []string{"a.go:78:26: cannot use \"x\" (untyped", "    string constant) as int value in", "    return statement", "    have (string)",
		strings.Repeat("x", 40), strings.Repeat("x", 40), strings.Repeat("x", 10)}, sentences(text, 40))
	require.Equal(t, []string{"exercises/01-identity/identity.go:8:2:", "    \"syscall\" imported and not used"}, sentences("exercises/01-identity/identity.go:8:2: \"syscall\" imported and not used", 40))
}

func TestMarkdownIsReadable(t *testing.T) {
	m := model(t, 40, 24)
	require.Equal(t, []string{"Task", "", "1. First, which is longer than the line", "   has room for.", "2. Second.", "", "    code  as is", "", "- wait(2) https://man7.org/wait"},
		m.markdown("\n## Task\n\n1. First, which is longer\n   than the line has room for.\n2. Second.\n\n    code  as is\n\n- [wait(2)](https://man7.org/wait)\n"))
}

func TestAMessageIsWrappedAndTheNewestWins(t *testing.T) {
	s := courses(t)
	s.Current = 1
	m := Model{Unicode: true}.Show(s).Resize(60, 24)
	m, _ = m.Key("d")
	text := screen(m)
	require.Contains(t, text, "The solution is for comparing after a pass")
	require.Contains(t, text, "checker solution -give-up name-1", "its end, too")
	s.Saved, s.Saves = 3, 1
	text = screen(m.Show(s))
	require.Contains(t, text, "4 name-3 was saved too; g goes there")
	require.NotContains(t, text, "The solution is for comparing")
}

func TestTheListFindsCalls(t *testing.T) {
	m := press(model(t, 60, 24), "l", "/")
	require.Contains(t, screen(m), "Enter done")
	for _, r := range "wait() 3" {
		m = press(m, strings.ReplaceAll(string(r), " ", "space"))
	}
	require.Contains(t, screen(m), "1 shown")
	require.Contains(t, screen(m), "✗ error  等待子进程")
	require.Contains(t, screen(m), "Enter go there")
}

func TestAfterTheLastHintThereIsNone(t *testing.T) {
	s := courses(t)
	s.Current = 1
	_, a := Model{}.Show(s).Resize(80, 24).Key("h")
	require.Equal(t, Reveal, a.Do)
	s.Hints = append(s.Hints, "Nearly the code.")
	m, a := Model{}.Show(s).Resize(80, 24).Key("h")
	require.Equal(t, Action{}, a)
	require.Contains(t, screen(m), "There are no more hints.")
}

func TestWhatIsSaidOfAVerdictIsOverWithIt(t *testing.T) {
	s := courses(t)
	s.Current, s.Mistake, s.Hints = 1, "", nil
	s.Entries[1].Status, s.Entries[1].Verdict = result.Error, &result.Exercise{Status: result.Error, Message: "a.go:1: no"}
	m, _ := Model{}.Show(s).Resize(80, 24).Key("h")
	require.Contains(t, screen(m), "It does not compile: the lines above say why.")
	s.Behind++
	require.Contains(t, screen(m.Show(s)), "It does not compile", "nothing new about this one")
	s.Entries = append([]Entry(nil), s.Entries...)
	s.Entries[1].Status, s.Entries[1].Verdict = result.Pass, &result.Exercise{Status: result.Pass}
	require.NotContains(t, screen(m.Show(s)), "It does not compile")
}

func TestWhatIsGradedAnewIsDimmed(t *testing.T) {
	s := courses(t)
	s.Current, s.Running = 1, true
	m := Model{Unicode: true, Color: true}.Show(s).Resize(80, 100)
	require.NotContains(t, screen(m), "\x1b[32m✓ scenario-0")
	require.Contains(t, screen(m), "\x1b[2m✓ scenario-0  ✗ scenario-1")
}

func TestASkippedScenarioIsNotShownAsAFailure(t *testing.T) {
	s := courses(t)
	s.Current = 1
	v := *s.Entries[1].Verdict
	v.Scenarios[2].Status, v.Scenarios[2].Mistake = result.Skip, ""
	s.Entries[1].Verdict = &v
	m := Model{Color: true, Unicode: true}.Show(s).Resize(100, 60)
	require.Contains(t, screen(m), "\x1b[31m✗ scenario-1\x1b[0m  \x1b[2m- scenario-2")
}

func TestCodeInAHintIsBrokenBetweenWords(t *testing.T) {
	s := courses(t)
	s.Current, s.Hints = 1, []string{"Begin again:\n\n    if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) { return Ancestors() }"}
	text := screen(Model{Unicode: true}.Show(s).Resize(80, 60))
	require.Contains(t, text, "    if errors.Is(err, fs.ErrNotExist) || errors.Is(err,\n")
	require.Contains(t, text, "        syscall.ESRCH) { return Ancestors() }\n")
}

func TestHelpGoesBackToWhereItWasAskedFor(t *testing.T) {
	m := press(model(t, 80, 24), "l", "f", "?")
	require.Contains(t, screen(m), "Ctrl-Z")
	m, a := m.Key("q")
	require.Equal(t, Action{}, a)
	require.Contains(t, screen(m), "without a pass")
	m = press(m, "q", "?", "q")
	require.Contains(t, screen(m), "1 name-0")
	require.NotContains(t, screen(m), "Exercises")
}

func TestTheTaskBeginsAtItsBeginningWhenTheStubIsBack(t *testing.T) {
	s := courses(t)
	s.Current = 1
	m := press(Model{Unicode: true}.Show(s).Resize(80, 12), "end")
	require.NotZero(t, m.top)
	s.Entries = slices.Clone(s.Entries)
	s.Entries[1].Status = result.Todo
	require.Zero(t, m.Show(s).top)
}

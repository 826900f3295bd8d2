package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/build"
	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/outline"
	"forklings/checker/scenario"
	"forklings/checker/script"
)

// What an exercise needs at least.
const (
	minScenarios = 4
	minWrong     = 5
	minRight     = 2
	maxReadme    = 45 // lines
)

// engineMistakes are named by the engine in every exercise, and have general hints.
var engineMistakes = []string{scenario.Crashes, scenario.Storms, scenario.Floods, scenario.Memory, scenario.Disk, scenario.Descriptors, scenario.EndsEarly}

// lint collects what an exercise lacks.
type lint struct {
	kit      *kit.Kit
	exercise kit.Exercise
	problems []string

	scripts  map[string]script.Script // by scenario
	mistakes []string                 // that the scripts name
	hints    hints.Hints
}

func (l *lint) problem(format string, args ...any) {
	l.problems = append(l.problems, l.exercise.Name+": "+fmt.Sprintf(format, args...))
}

// Lint finds what an exercise lacks without running anything; every problem says what to do.
func Lint(k *kit.Kit, e kit.Exercise) []string {
	l := &lint{kit: k, exercise: e, scripts: map[string]script.Script{}}
	l.readme()
	l.stub()
	l.test()
	l.scenarios()
	l.hintFile()
	l.languages()
	l.attempts()
	l.program()
	l.learnt()
	l.tiers()
	for _, p := range outline.LintExercise(k, e) {
		l.problem("%s", p)
	}
	return l.problems
}

// LintKit finds what is wrong with the kit as a whole.
func LintKit(k *kit.Kit) (problems []string) {
	problems = outline.Lint(k)
	for name, want := range Generated(k) {
		if have, err := os.ReadFile(filepath.Join(k.Root, name)); err != nil || !bytes.Equal(have, want) {
			problems = append(problems, name+" is not what it is made from: run `go run ./cmd/checker generate`")
		}
	}
	return problems
}

// Generated are the files that are made from others, by their path in the kit.
func Generated(k *kit.Kit) map[string][]byte {
	files := map[string][]byte{
		filepath.Join("cmd", "programs", "programs.go"):    build.List(k.Exercises),
		filepath.Join("checker", "script", "REFERENCE.md"): []byte(script.Reference()),
	}
	for _, l := range lang.All {
		// That one cannot be made is told by outline.Lint.
		if name, text, err := outline.Readme(k, l); err == nil && text != nil {
			files[name] = text
		}
	}
	return files
}

func (l *lint) readme() {
	text, err := os.ReadFile(l.exercise.Readme(""))
	if err != nil {
		l.problem("no README.md: write one, at most %d lines, the first of them the title", maxReadme)
		return
	}
	if !bytes.HasPrefix(text, []byte("# ")) {
		l.problem("README.md does not begin with a title: make its first line `# Join: wait for a child`, say")
	}
	if n := bytes.Count(text, []byte("\n")); n > maxReadme {
		l.problem("README.md has %d lines: cut it to %d", n, maxReadme)
	}
	for _, part := range readmeSections[lang.English] {
		if !bytes.Contains(text, []byte("\n"+part+"\n")) {
			l.problem("README.md has no section %q", part)
		}
	}
}

func (l *lint) stub() {
	e := l.exercise
	stub, err := e.Stub()
	if err != nil {
		l.problem("no copy of the stub: run `go run ./cmd/checker generate`")
		return
	}
	if here, err := os.ReadFile(filepath.Join(e.Dir, e.File)); err != nil || !bytes.Equal(here, stub) {
		l.problem("%s differs from its copy in testdata/attempts/%s/stub.go: if that is the new stub, run `go run ./cmd/checker generate`; if you solved it here, `reset` it", e.File, e.Name)
	}
}

// TestFile is the `go test` entry of an exercise.
func TestFile(e kit.Exercise) (name, text string) {
	return strings.TrimSuffix(e.File, ".go") + "_test.go", "package " + e.Package + `

import (
	"testing"

	"forklings/checker/gotest"
)

func Test(t *testing.T) { gotest.Grade(t) }
`
}

func (l *lint) test() {
	name, text := TestFile(l.exercise)
	if have, err := os.ReadFile(filepath.Join(l.exercise.Dir, name)); err != nil || string(have) != text {
		l.problem("%s is not the few lines that it is in every exercise: copy it from another one, with package %s", name, l.exercise.Package)
	}
}

func (l *lint) scenarios() {
	list, err := l.exercise.Scenarios()
	if err != nil {
		l.problem("%v", err)
		return
	}
	if len(list) < minScenarios {
		l.problem("%d scenarios: %d are needed, each for one behaviour", len(list), minScenarios)
	}
	for _, s := range list {
		text, err := os.ReadFile(s.File)
		if err != nil {
			l.problem("%v", err)
			continue
		}
		parsed, err := script.Parse(string(text))
		if err != nil {
			l.problem("%s.txtar: %v", s.Name, err)
			continue
		}
		l.scripts[s.Name] = parsed
		for _, m := range parsed.Mistakes() {
			if !slices.Contains(l.mistakes, m) {
				l.mistakes = append(l.mistakes, m)
			}
		}
	}
}

func (l *lint) hintFile() {
	var err error
	if l.hints, err = l.exercise.Hints(""); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			l.problem("no hints.md: write one with three tiers for a start and for every mistake")
		} else {
			l.problem("hints.md: %v", err)
		}
		return
	}
	for _, m := range l.mistakes {
		if len(l.hints.Tiers(m)) == 0 && !slices.Contains(engineMistakes, m) {
			l.problem("the mistake %s has no hint: add `## %s` to hints.md", m, m)
		}
	}
	for _, m := range l.hints.Mistakes() {
		if !slices.Contains(l.mistakes, m) && !slices.Contains(engineMistakes, m) {
			l.problem("hints.md has %s, which no scenario names", m)
		}
	}
}

func (l *lint) attempts() {
	if files, err := l.exercise.Solution(); err != nil || len(files) == 0 {
		l.problem("no solution: write solutions/%s/%s", l.exercise.Name, l.exercise.File)
	}
	right, _ := l.exercise.Attempts("right")
	if len(right) < minRight {
		l.problem("%d right variants: %d are needed that go another way", len(right), minRight)
	}
	wrong, _ := l.exercise.Attempts("wrong")
	if len(wrong) < minWrong {
		l.problem("%d wrong attempts: %d are needed", len(wrong), minWrong)
	}
	made := map[string]bool{}
	for _, w := range wrong {
		made[w.Mistake] = true
		if !slices.Contains(l.mistakes, w.Mistake) && !slices.Contains(engineMistakes, w.Mistake) {
			l.problem("wrong/%s: no scenario names the mistake %s", w.Name, w.Mistake)
		}
	}
	for _, m := range l.mistakes {
		if !made[m] {
			l.problem("no wrong attempt makes the mistake %s: write testdata/attempts/%s/wrong/%s.go", m, l.exercise.Name, m)
		}
	}
}

// program checks that everything the program announces is used by a scenario, and the other way round.
func (l *lint) program() {
	p, err := readProgram(filepath.Join(l.exercise.Dir, "program"))
	if err != nil {
		l.problem("%v", err)
		return
	}
	l.roles(p)
	used := usage{points: map[string]bool{}, answers: map[string]bool{}}
	for name, s := range l.scripts {
		used.add(s)
		for _, role := range used.roles {
			if !p.roles[role] {
				l.problem("%s.txtar starts the role %s, which the program does not know", name, role)
			}
		}
	}
	for _, point := range slices.Sorted(maps.Keys(p.points)) {
		if !used.points[point] {
			l.problem("no scenario speaks of the point %s: use it, or take it out of the program", point)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.answers)) {
		if !used.answers[key] {
			l.problem("no scenario asks for the answer %s: use it, or take it out of the program", key)
		}
	}
	if p.dynamic {
		return
	}
	for _, point := range slices.Sorted(maps.Keys(used.points)) {
		if !p.points[point] {
			l.problem("a scenario speaks of the point %s, which the program never comes to", point)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(used.answers)) {
		if !p.answers[key] {
			l.problem("a scenario asks for the answer %s, which the program never gives", key)
		}
	}
}

// roles checks that what the program says of its roles' arguments is true of those that scenarios give them.
func (l *lint) roles(p program) {
	_, usage, err := rolesOf(filepath.Join(l.exercise.Dir, "program"))
	if err != nil {
		l.problem("%v", err)
		return
	}
	for line := range strings.Lines(usage) {
		roles, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		for role := range strings.SplitSeq(roles, "|") {
			if role != "" && !p.roles[role] {
				l.problem("the program tells of the arguments of the role %s, which it does not know", role)
			}
		}
	}
	for name, s := range l.scripts {
		for role, all := range starts(s) {
			for _, args := range all {
				for i, arg := range args {
					if ofScenario(arg) {
						args[i] = map[bool]string{true: "1s", false: "1"}[strings.HasPrefix(arg, "time:")]
					}
				}
				if want, ok := arrange.Check(usage, role, args); !ok {
					l.problem("%s.txtar starts %s %s, and the program says that it takes %s", name, role, strings.Join(args, " "), want)
				}
			}
		}
	}
}

//go:build linux

package verify

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/load"
	"forklings/checker/result"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	load.Main()
	os.Exit(m.Run())
}

func options(t *testing.T, k *kit.Kit) Options {
	box, err := sandbox.Best()
	require.NoError(t, err)
	return Options{Exercises: k.Exercises[:1], Sandboxes: []sandbox.Options{box}, Log: io.Discard}
}

func put(t *testing.T, k *kit.Kit, name, text string) {
	t.Helper()
	path := filepath.Join(k.Root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func edit(t *testing.T, k *kit.Kit, name, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(k.Root, name))
	require.NoError(t, err)
	require.Contains(t, string(text), from)
	put(t, k, name, strings.Replace(string(text), from, to, 1))
}

const (
	wrong = "testdata/attempts/greet/wrong/"
	right = "testdata/attempts/greet/right/"
)

// Every piece of evidence that is none is a problem, and nothing else is. All of it is shown at once: one run.
func TestEvidenceThatIsNoneIsAProblem(t *testing.T) {
	k := minikit.New(t)
	passes, err := os.ReadFile(filepath.Join(k.Root, right+"sprint.go"))
	require.NoError(t, err)
	put(t, k, wrong+"shouts.go", string(passes))
	put(t, k, wrong+"exits.by-name.go", "package greet\n\nfunc Hello(name string) string { return \"\" }\n")
	put(t, k, right+"join.go", "package greet\n\nfunc Hello(name string) string { return name }\n")
	put(t, k, right+"latin.go", "package greet // \xe9\n")
	put(t, k, right+"broken.go", "package greet\n\nfunc Hello(name string) string { return 7 }\n")
	put(t, k, "testdata/attempts/greet/stub.go", string(passes))

	var log bytes.Buffer
	o := options(t, k)
	o.Log = &log
	r, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	want := []string{
		"greet: greet.go differs from its copy in testdata/attempts/greet/stub.go: if that is the new stub",
		"greet stub: it passes, and does nothing",
		"greet wrong/shouts: it was not refused",
		"greet wrong/exits.by-name: it was refused under another name: by-name:5: fail greets-nobody",
		"greet right/join: it is right, and was refused: by-name:5: fail greets-nobody",
		"greet right/latin: " + filepath.Join(k.Root, right) + "/latin.go was not graded: ",
		"latin.go:1: not UTF-8",
		"greet right/broken: " + filepath.Join(k.Root, right) + "/broken.go was not graded: ",
		"broken.go:3:41: cannot use 7",
	}
	all := strings.Join(r.Problems, "\n")
	for _, text := range want {
		require.Contains(t, all, text)
		require.Contains(t, log.String(), text)
	}
	require.Len(t, r.Problems, 7)
	require.Equal(t, 12, r.Verdicts)
}

func TestAnUndecidedScenarioIsAProblemEvenOfAWrongAttempt(t *testing.T) {
	r := &Report{unshown: map[string]string{}}
	r.judge(&sample{name: "wrong/polls", mistake: "polls"}, result.Exercise{Name: "greet", Scenarios: []result.Scenario{
		{Name: "a", Status: result.Pass}, {Name: "b", Status: result.Timeout, Mistake: "polls"}, {Name: "c", Status: result.Skip},
	}}, Options{Log: io.Discard})
	require.Len(t, r.Problems, 1)
	require.Contains(t, r.Problems[0], "greet wrong/polls: undecided: b:0: timeout polls")
}

func TestAScenarioThatCannotBePlayedHereExcusesAWrongAttempt(t *testing.T) {
	r := &Report{unshown: map[string]string{}}
	r.judge(&sample{name: "wrong/polls", mistake: "polls"}, result.Exercise{Name: "greet", Scenarios: []result.Scenario{
		{Name: "a", Status: result.Pass}, {Name: "b", Status: result.Skip, Because: "no namespaces"},
	}}, Options{Log: io.Discard})
	require.Empty(t, r.Problems)
}

func TestOnlyChoosesAndAChoiceOfNothingFails(t *testing.T) {
	k := minikit.New(t)
	o := options(t, k)
	o.Only, o.Repeat = "wrong/greets", 2
	o.Sandboxes = append(o.Sandboxes, sandbox.Options{Tier: sandbox.Subreaper, NoLandlock: true})
	var heard []string
	o.Progress = func(what string, n, of int) {
		heard = append(heard, strings.Join([]string{what, string(rune('0' + n)), string(rune('0' + of))}, " "))
	}
	r, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.Equal(t, 4, r.Verdicts)
	require.Equal(t, 4*2, r.Scenarios, "each up to the first failure")
	require.Equal(t, []string{"builds 1 1", "verdicts 1 4", "verdicts 2 4", "verdicts 3 4", "verdicts 4 4"}, heard)
	o.Only = "wrong/nosuch"
	_, err = Run(t.Context(), k, o)
	require.ErrorIs(t, err, ErrNothing)
}

func TestWhatAnUnfinishedExerciseLacksIsToldAndNoProblem(t *testing.T) {
	k := minikit.New(t)
	o := options(t, k)
	o.Exercises, o.Only = k.Exercises[2:], "solution"
	r, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.True(t, slices.ContainsFunc(r.Missing, func(s string) bool { return strings.HasPrefix(s, "toil: ") }))
	edit(t, k, "exercises/03-toil/README.md", "<!-- unfinished -->\n", "")
	r, err = Run(t.Context(), k, o)
	require.NoError(t, err)
	require.Empty(t, r.Missing)
	require.NotEmpty(t, r.Problems)
}

// Stub and solution are played in every sandbox; an attempt in one of them, and with every repeat in the next.
func TestAttemptsAreSpread(t *testing.T) {
	k := minikit.New(t)
	var log bytes.Buffer
	o := options(t, k)
	o.Sandboxes = []sandbox.Options{{Tier: sandbox.Subreaper}, {Tier: sandbox.Subreaper, NoLandlock: true}}
	o.Spread, o.Repeat, o.Verbose, o.Log = true, 2, true, &log
	last, of := 0, 0
	o.Progress = func(what string, n, all int) {
		if what == "verdicts" {
			last, of = n, all
		}
	}
	samples, err := collect(o.Exercises[0])
	require.NoError(t, err)
	variants := 0
	for _, s := range samples {
		if s.variant() {
			variants++
		}
	}
	require.Positive(t, variants)
	r, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.Equal(t, 2*(2*(len(samples)-variants)+variants), r.Verdicts)
	require.Equal(t, r.Verdicts, of)
	require.Equal(t, of, last)
}

// A wrong attempt that only a scenario refuses which its sandbox cannot play goes to the next one.
func TestWhatASandboxCannotShowIsShownElsewhere(t *testing.T) {
	k := minikit.New(t)
	put(t, k, "exercises/01-greet/testdata/explore.txtar", `# Greetings are counted, in every order that is tried.
# zh: 问好被计数，每一种顺序都一样。

start one greeter
await one at greeted                    else never-returns
start two greeter
await two at greeted                    else never-returns
explore files locks                     else never-returns
start stranger stranger
await stranger ended                    else never-returns
check stranger mentioned '5 greetings'  else greets-nobody
`)
	put(t, k, wrong+"greets-nobody.uncounted.go", `package greet

import (
	"fmt"
	"os"
)

func Hello(name string) string {
	n := 0
	b, _ := os.ReadFile("count")
	fmt.Sscan(string(b), &n)
	os.WriteFile("count", fmt.Append(nil, n+1), 0o644)
	if name == "" {
		name = "you"
	}
	fmt.Fprintln(os.Stderr, n+1, "greetings")
	return "hello " + name
}
`)
	o := options(t, k)
	o.Spread, o.Only = true, "wrong/greets-nobody.uncounted"
	untraced, traced := sandbox.Options{Tier: sandbox.Subreaper, NoPtrace: true}, sandbox.Options{Tier: sandbox.Subreaper}
	for _, x := range []struct {
		second  sandbox.Options
		unshown int
	}{{traced, 0}, {untraced, 1}} {
		o.Sandboxes = []sandbox.Options{untraced, x.second}
		r, err := Run(t.Context(), k, o)
		require.NoError(t, err)
		require.Empty(t, r.Problems)
		require.Len(t, r.Unshown, x.unshown)
	}
}

func TestOfAMistakeTheFirstAttemptIsEnough(t *testing.T) {
	k := minikit.New(t)
	var log bytes.Buffer
	o := options(t, k)
	o.Verbose, o.Log, o.Only = true, &log, "wrong/"
	samples, err := collect(o.Exercises[0])
	require.NoError(t, err)
	wrong := samples[len(samples)-1]
	text, err := os.ReadFile(wrong.file)
	require.NoError(t, err)
	put(t, k, "testdata/attempts/greet/"+wrong.name+".again.go", string(text))
	all, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	mistakes := map[string]bool{}
	for _, s := range samples {
		if s.mistake != "" {
			mistakes[s.mistake] = true
		}
	}
	o.First = true
	first, err := Run(t.Context(), k, o)
	require.NoError(t, err)
	require.Equal(t, len(mistakes), first.Verdicts)
	require.Greater(t, all.Verdicts, first.Verdicts)
}

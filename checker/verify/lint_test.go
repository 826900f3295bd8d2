//go:build linux

package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/kit"

	"github.com/stretchr/testify/require"
)

func TestLintFindsNothingInAFinishedExercise(t *testing.T) {
	k := minikit.New(t)
	require.Empty(t, Lint(k, k.Exercises[0]))
	require.Empty(t, LintKit(k))
}

// Each kind of problem is made, alone, in an exercise that had none.
func TestLintTellsWhatIsMissingAndWhatToDo(t *testing.T) {
	const here = "exercises/01-greet/"
	remove := func(names ...string) func(t *testing.T, k *kit.Kit) {
		return func(t *testing.T, k *kit.Kit) {
			for _, name := range names {
				require.NoError(t, os.Remove(filepath.Join(k.Root, name)))
			}
		}
	}
	change := func(name, from, to string) func(t *testing.T, k *kit.Kit) {
		return func(t *testing.T, k *kit.Kit) { edit(t, k, name, from, to) }
	}
	for want, spoil := range map[string]func(t *testing.T, k *kit.Kit){
		"no README.md: write one, at most 45 lines":                         remove(here + "README.md"),
		"README.md does not begin with a title":                             change(here+"README.md", "# Greet", "Greet"),
		`README.md has no section "## Your task"`:                           change(here+"README.md", "Your task", "Task"),
		`README.md has no section "## See it run"`:                          change(here+"README.md", "See it run", "Run"),
		`README.md has no section "## Read on"`:                             change(here+"README.md", "Read on", "More"),
		"README.md has 64 lines: cut it to 45":                              change(here+"README.md", "A function", strings.Repeat("\n", 48)+"A function"),
		"no copy of the stub: run `go run ./cmd/checker generate`":          remove("testdata/attempts/greet/stub.go"),
		"greet.go differs from its copy in testdata/attempts/greet/stub.go": change(here+"greet.go", `""`, `"x"`),
		"greet_test.go is not the few lines that it is in every exercise":   change(here+"greet_test.go", "gotest.Grade(t)", ""),
		"3 scenarios: 4 are needed":                                         remove(here + "testdata/again.txtar"),
		"again.txtar: line 6: ":                                             change(here+"testdata/again.txtar", "await", "wait"),
		"no hints.md: write one with three tiers":                           remove(here + "hints.md"),
		"hints.md: ": change(here+"hints.md", "## exits", "## Exits"),
		"the mistake exits has no hint: add `## exits` to hints.md":                              change(here+"hints.md", "## exits", "## leaves"),
		"hints.md has leaves, which no scenario names":                                           change(here+"hints.md", "## exits", "## leaves"),
		"the first hint for shouts (en) is no question":                                          change(here+"hints.md", "How loud is it?", "Too loud."),
		"hint 2 for shouts (en) has code, \"return name\"":                                       change(here+"hints.md", "Capital letters are loud.", "Capital:\n\n       return name\n"),
		"hint 2 for shouts (en) has a line of the solution, ":                                    change(here+"hints.md", "Capital letters are loud.", "Do `return \"hello \" +\n   name`."),
		"no word about what was learnt: open ":                                                   remove(here + "learnt.md"),
		"learnt.md has 1 lines below `## zh`: write 2":                                           change(here+"learnt.md", "- 名字是普通的字符串。\n", ""),
		"learnt.md has 0 lines below `## en`: write 2":                                           change(here+"learnt.md", "## en", "## de"),
		"learnt.md has a language that the kit does not speak":                                   change(here+"learnt.md", "## zh", "## de\n\n## zh"),
		"learnt.md: a line of 137 characters: cut it to 115":                                     change(here+"learnt.md", "Strings", strings.Repeat("Strings ", 15)),
		"no solution: write solutions/greet/greet.go":                                            remove("solutions/greet/greet.go"),
		"1 right variants: 2 are needed":                                                         remove(right + "join.go"),
		"4 wrong attempts: 5 are needed":                                                         remove(wrong + "exits.go"),
		"no wrong attempt makes the mistake exits: write testdata/attempts/greet/wrong/exits.go": remove(wrong + "exits.go"),
		"wrong/leaves: no scenario names the mistake leaves":                                     func(t *testing.T, k *kit.Kit) { put(t, k, wrong+"leaves.go", "package greet\n") },
		"no program: write program/program.go with a func Main()":                                remove(here + "program/program.go"),
		"no-name.txtar starts the role nobody, which the program does not know":                  change(here+"testdata/no-name.txtar", "start stranger stranger", "start stranger nobody"),
		"no scenario speaks of the point unused: use it, or take it out of the program":          change(here+"program/program.go", `me.Reach("again")`, "me.Reach(\"again\")\n\t\tme.Reach(\"unused\")"),
		"no scenario asks for the answer unused: use it, or take it out of the program":          change(here+"program/program.go", `me.Reach("again")`, "me.Reach(\"again\")\n\t\tme.Say(\"unused\", 1)"),
		"a scenario speaks of the point again, which the program never comes to":                 change(here+"program/program.go", `me.Reach("again")`, ""),
		"a scenario asks for the answer name, which the program never gives":                     change(here+"testdata/no-name.txtar", "says greeting", "says name"),
		"program.go:4:1: expected":                                                               change(here+"program/program.go", "import (", "imprt ("),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			k := minikit.New(t)
			spoil(t, k)
			found := strings.Join(Lint(k, k.Exercises[0]), "\n")
			require.Contains(t, found, "greet: ")
			require.Contains(t, found, want)
		})
	}
}

func TestAFileThatIsMadeFromOthersMustBeFresh(t *testing.T) {
	k := minikit.New(t)
	edit(t, k, "cmd/programs/programs.go", `"toil"`, `"work"`)
	require.Equal(t, []string{"cmd/programs/programs.go is not what it is made from: run `go run ./cmd/checker generate`"}, LintKit(k))
}

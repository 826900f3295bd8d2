//go:build linux

package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"

	"github.com/stretchr/testify/require"
)

// Each difference is made, alone, in an exercise whose languages said the same.
func TestLintTellsWhereTheLanguagesDiffer(t *testing.T) {
	const (
		readme, chinese        = "README.md", "README.zh.md"
		hintsFile, hintsInZh   = "hints.md", "hints.zh.md"
		byName                 = "testdata/by-name.txtar"
		differ, hintsDifferent = "README.zh.md and README.md differ in their ", "hints.zh.md and hints.md differ in their "
	)
	for _, c := range []struct{ file, from, to, want string }{
		{chinese, "", "", "no README.zh.md: write it, the same as README.md in Chinese"},
		{chinese, "# Greet", "Greet", "README.zh.md does not begin with a title"},
		{chinese, "一个", strings.Repeat("\n", 48) + "一个", "README.zh.md has 64 lines: cut it to 45"},
		{chinese, "## 任务", "## 你的任务", `README.zh.md has no section "## 任务"`},
		{chinese, "## 动手看看", "## 运行", `README.zh.md has no section "## 动手看看"`},
		{chinese, "## 延伸阅读", "## 更多", `README.zh.md has no section "## 延伸阅读"`},
		{chinese, "## 动手看看", "### 看\n\n## 动手看看", differ + `headings: number 3 is "###", and in README.md "##"; give both the same`},
		{chinese, "## 动手看看\n", "", differ + `headings: number 4 is nothing, and in README.md "##"`},
		{chinese, "2. 没有", "没有", differ + `numbered tasks: number 2 is nothing, and in README.md "2"; every task and promise`},
		{chinese, "basics/1", "basics/2", differ + `links: number 1 is "https://go.dev/tour/basics/2", and in README.md "https://go.dev/tour/basics/1"; both lead`},
		{readme, "A function", "| a | b |\n\nA function", differ + `rows of tables, by their cells: number 1 is nothing, and in README.md "2"; give both`},
		{chinese, "run -step", "run", differ + `lines of code: number 1 is "    go run ./cmd/checker run greet greeter", and in README.md "    go run`},
		{chinese, "`Hello`", "它", "README.md speaks of `Hello`, and README.zh.md does not: what stands in backticks stays as it is"},
		{hintsInZh, "", "", "no hints.zh.md: write it, the same as hints.md in Chinese"},
		{hintsInZh, "## exits", "## Exits", "hints.zh.md: "},
		{hintsInZh, "## exits", "## leaves", "hints.zh.md has no hints for exits, and hints.md has: add `## exits`"},
		{hintsInZh, "## exits", "## leaves", "hints.zh.md has hints for leaves, and hints.md has none: take them out, or add them there"},
		{hintsInZh, "3. 改为返回。", "", `hints.zh.md: `},
		{hintsFile, "3. Return instead.", "3. Return instead.\n\n       return", hintsDifferent + `lines of code: number 1 is nothing, and in hints.md "       return"`},
		{byName, "# zh: ", "# ", "by-name.txtar has no title in Chinese: write `# zh: ...` below the title"},
		{byName, "问好。", "问好，\n# 用的是名字。", "by-name.txtar: its title in Chinese is the last line of the first comment, and one line"},
		{byName, "Hello 按名字问好。", "Hello greets by name.", "by-name.txtar: its title behind `# zh:` is not Chinese: translate it"},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			k := minikit.New(t)
			name := "exercises/01-greet/" + c.file
			if c.from == "" {
				require.NoError(t, os.Remove(filepath.Join(k.Root, name)))
			} else {
				edit(t, k, name, c.from, c.to)
			}
			require.Contains(t, strings.Join(Lint(k, k.Exercises[0]), "\n"), "greet: "+c.want)
		})
	}
}

func TestTheHintsOfBothLanguagesHaveOneOrder(t *testing.T) {
	k := minikit.New(t)
	const name = "exercises/01-greet/hints.zh.md"
	for _, swap := range [][2]string{{"## greets-nobody", "## nobody"}, {"## shouts", "## greets-nobody"}, {"## nobody", "## shouts"}} {
		edit(t, k, name, swap[0], swap[1])
	}
	require.Equal(t, []string{
		`greet: hints.zh.md and hints.md differ in their headings: number 3 is "## shouts", and in hints.md "## greets-nobody"; they are names: leave them as they are, in the same order`,
	}, Lint(k, k.Exercises[0]))
}

func TestAnExerciseWithoutEnglishIsToldSoOnce(t *testing.T) {
	k := minikit.New(t)
	require.NoError(t, os.Remove(filepath.Join(k.Root, "exercises/01-greet/README.md")))
	require.Equal(t, []string{"greet: no README.md: write one, at most 45 lines, the first of them the title"}, Lint(k, k.Exercises[0]))
}

func TestWhatTwoLanguagesHaveInCommon(t *testing.T) {
	p := parse("# Title\n\n10. An item that\n    goes on with `a b`.\n\n    $ code `x`\n\n    more\nText [a](https://x/(y)) and [b](z).\n\n## Two\n\n" +
		"| a | b |\n|---|---|\n\n```\n# no heading\n```\n\n1. tier\n\n       nested\n")
	require.Equal(t, page{
		headings: []string{"#", "##"}, titles: []string{"# Title", "## Two"}, items: []string{"10", "1"}, links: []string{"https://x/(y)", "z"}, rows: []string{"2", "2"},
		code: []string{"    $ code `x`", "    more", "```", "# no heading", "```", "       nested"}, tierCode: []string{"       nested"}, names: []string{"`a b`"},
	}, p)
}

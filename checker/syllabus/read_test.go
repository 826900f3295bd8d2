package syllabus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forklings/checker/kit"
	"forklings/checker/lang"

	"github.com/stretchr/testify/require"
)

// small is a kit of three exercises in two chapters.
func small(t *testing.T) *kit.Kit {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"exercises/chapters.json": `{"chapters": [
			{"title": {"en": "Birth", "zh": "诞生"}, "exercises": [{"name": "identity"}, {"name": "target"}]},
			{"title": {"en": "Waiting", "zh": "等待"}, "exercises": [{"name": "join"}]}]}`,
		"exercises/01-identity/README.md":            "# Identity\n",
		"exercises/01-identity/testdata/self.txtar":  "# Itself.\n",
		"exercises/02-target/README.md":              "# Target\n",
		"exercises/02-target/testdata/child.txtar":   "# A child.\n",
		"exercises/02-target/testdata/names.txtar":   "# Names.\n",
		"exercises/07-join/README.md":                "# Join: wait\n",
		"exercises/07-join/testdata/after-end.txtar": "# After.\n# zh: 之后。\n",
		"exercises/07-join/testdata/killed.txtar":    "# Killed.\n",
		"exercises/07-join/testdata/twice.txtar":     "# Twice.\n",
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o666))
	}
	k, err := kit.Open(root)
	require.NoError(t, err)
	return k
}

func parse(t *testing.T, k *kit.Kit, text string) *Course {
	t.Helper()
	c, err := Parse(k, "course.yml", []byte(text), lang.English)
	require.NoError(t, err)
	return c
}

func TestWithoutAWordEverythingCountsAPointAScenario(t *testing.T) {
	k := small(t)
	want, err := Default(k)
	require.NoError(t, err)
	require.Equal(t, 6, want.MaxScore())
	for _, text := range []string{"", "\n# nothing\n", "{}", "defaults: {show: all, partial: yes, required: yes, graded: yes}"} {
		c := parse(t, k, text)
		c.File = ""
		require.Equal(t, want, c, text)
	}
}

func TestTheMoreExactWins(t *testing.T) {
	c := parse(t, small(t), `
title: " Autumn "
language: zh
tier: namespaces
kit: 0123456789ab
limits: {build: 90s, exercise: 20m}
defaults: {points: 10, show: [mistake, seen], partial: no}
chapters:
  Birth: {points: 5, required: no}
  2: {show: nothing}
exercises:
  identity: {required: yes}
  02-target: {graded: no}
  7:
    points: 7
    partial: yes
    scenarios:
      twice: {weight: 0, show: [hint]}
      after-end: {weight: 3}
`)
	require.Equal(t, "Autumn", c.Title)
	require.Equal(t, lang.Chinese, c.Language)
	require.Equal(t, "namespaces", c.Tier)
	require.Equal(t, "0123456789ab", c.Kit)
	require.Equal(t, Limits{Build: 90 * time.Second, Exercise: 20 * time.Minute}, c.Limits)
	identity, target, join := c.exercise("identity"), c.exercise("target"), c.exercise("join")
	require.Equal(t, 5, identity.Points)
	require.True(t, identity.Required)
	require.False(t, identity.Partial)
	require.Equal(t, Mistake|Seen, identity.Scenarios[0].Show)
	require.False(t, c.Graded("target"))
	require.False(t, target.Required)
	require.Equal(t, 7, join.Points)
	require.True(t, join.Partial)
	require.Equal(t, []int{3, 1, 0}, []int{join.Scenarios[0].Weight, join.Scenarios[1].Weight, join.Scenarios[2].Weight})
	require.Equal(t, []Parts{None, None, Hint}, []Parts{join.Scenarios[0].Show, join.Scenarios[1].Show, join.Scenarios[2].Show})
	require.Equal(t, 12, c.MaxScore())
}

func TestWithoutPointsWeightsAreThePoints(t *testing.T) {
	c := parse(t, small(t), "exercises: {join: {scenarios: {twice: {weight: 4}, killed: {weight: 0}}}}")
	require.Equal(t, 5, c.exercise("join").Points)
}

func TestWhatIsWrongIsToldByItsLine(t *testing.T) {
	k := small(t)
	for text, want := range map[string]string{
		"pionts: 3":                           `course.yml:1: the course: no key "pionts"; there are chapters, defaults, exercises, kit, language, limits, tier, title`,
		"titel: x":                            `course.yml:1: the course: no key "titel" (did you mean title?); there are chapters, d`,
		"defaults:\n  point: 3":               `course.yml:2: defaults: no key "point" (did you mean points?); there are graded, partial, points, required, show`,
		"defaults:\n  points: -1":             `course.yml:2: a whole number from 0 to 1000000 is wanted, not "-1"`,
		"defaults:\n  points: 2.5":            `course.yml:2: a whole number from 0 to 1000000 is wanted, not "2.5"`,
		"defaults:\n  points: 9999999":        `course.yml:2: a whole number from 0 to 1000000 is wanted, not "9999999"`,
		"defaults:\n  points: [1]":            `course.yml:2: a whole number from 0 to 1000000 is wanted, not […]`,
		"defaults:\n  required: maybe":        `course.yml:2: yes or no is wanted, not "maybe"`,
		"defaults:\n  points:":                `course.yml:2: "points" has no value: give it one, or take the line out`,
		"defaults: 3":                         `course.yml:1: defaults: keys with their values are wanted`,
		"defaults: {points: 1}\ndefaults: {}": `course.yml:2: "defaults" stands here for the second time, first in line 1: keep one`,
		"- join":                              `course.yml:1: the course: keys with their values are wanted`,
		"exercises:\n  jion: {}":              `course.yml:2: exercises: no exercise "jion" (did you mean join?); checker list shows those there are`,
		"exercises:\n  jo: {}":                `course.yml:2: exercises: no exercise "jo" (did you mean join?)`,
		"exercises:\n  zombie: {}":            `course.yml:2: exercises: no exercise "zombie"; checker list`,
		"exercises:\n  join: {}\n  7: {}":     `course.yml:3: "7" is an exercise that stands here already: keep one`,
		"exercises:\n  join:\n    scenarios:\n      twcie: {weight: 1}":                                                        `course.yml:4: join: no scenario "twcie" (did you mean twice?); there are after-end, killed, twice`,
		"exercises:\n  join:\n    scenarios:\n      twice: 3":                                                                  `course.yml:4: twice: keys with their values are wanted`,
		"exercises:\n  join:\n    scenarios:\n      twice: {points: 3}":                                                        `course.yml:4: twice: no key "points"; there are show, weight`,
		"exercises:\n  join:\n    points: 3\n    scenarios: {twice: {weight: 0}, killed: {weight: 0}, after-end: {weight: 0}}": `course.yml:2: join: every scenario has the weight 0`,
		"chapters:\n  Brith: {}":                `course.yml:2: chapters: no chapter "Brith" (did you mean Birth?); there are Birth; Waiting`,
		"chapters:\n  3: {}":                    `course.yml:2: chapters: no chapter "3"; there are Birth; Waiting`,
		"chapters:\n  1: {}\n  诞生: {}":          `course.yml:3: "诞生" is a chapter that stands here already: keep one`,
		"chapters:\n  1: {scenarios: {}}":       `course.yml:2: 1: no key "scenarios"; there are graded`,
		"defaults:\n  show: [hint, hnit]":       `course.yml:2: show: no part "hnit" (did you mean hint?); it is all, nothing, or a list such as [mistake, hint] of mistake, seen, hint, output, timeline, script`,
		"defaults:\n  show: [all]":              `course.yml:2: show: no part "all"`,
		"defaults:\n  show: {hint: yes}":        `course.yml:2: show: no part {…}; it is all`,
		"tier: namespace":                       `course.yml:1: tier: no tier "namespace"; there are cgroups, namespaces, landlock, files, mounts, subreaper`,
		"language: fr":                          `course.yml:1: language: en or zh is wanted, not "fr"`,
		"title: ''":                             `course.yml:1: a text is wanted`,
		"kit: v1":                               `course.yml:1: kit: its version is wanted, 12 hexadecimal digits, as checker doctor tells it, not "v1"`,
		"limits: {build: 2}":                    `course.yml:1: a time from 1s is wanted, such as 90s or 2m, not "2"`,
		"limits: {build: 1ms}":                  `course.yml:1: a time from 1s is wanted`,
		"title: a: b":                           `course.yml:1: this is no YAML: mapping values are not allowed in this context`,
		"title: [":                              `course.yml:1: this is no YAML: did not find`,
		"title: \x00":                           `course.yml:1: this is no YAML: `,
		"a: &x 1\nb: *x":                        `course.yml:1: anchors and aliases (& and *) are not read: write it out`,
		"? [a]\n: 1":                            `course.yml:1: the course: a plain name is wanted as a key`,
		"title: a\n---\ntitle: b":               `course.yml: a course file is one document`,
		"defaults: {graded: no}":                `course.yml:1: nothing that counts has points`,
		"# all extra\ndefaults: {required: no}": `course.yml:2: nothing that counts has points`,
	} {
		_, err := Parse(k, "course.yml", []byte(text), lang.English)
		require.ErrorContains(t, err, want, text)
	}
}

func TestEverythingWrongIsToldAtOnceInTheOrderOfTheLines(t *testing.T) {
	_, err := Parse(small(t), "c.yml", []byte("exercises:\n  jion: {points: x}\n  join: {scenarios: {x: {}}}\ntier: x\n"), lang.English)
	require.Error(t, err)
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, line[:8])
	}
	require.Equal(t, []string{"c.yml:2:", "c.yml:2:", "c.yml:3:", "c.yml:4:"}, lines)
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	k, dir := small(t), t.TempDir()
	_, err := Read(k, filepath.Join(dir, "none.yml"), lang.English)
	require.ErrorContains(t, err, "no course file: open "+dir)
	_, err = Read(k, dir, lang.English)
	require.ErrorContains(t, err, "is a directory")
	big := filepath.Join(dir, "big.yml")
	require.NoError(t, os.WriteFile(big, make([]byte, mostBytes+1), 0o666))
	_, err = Read(k, big, lang.English)
	require.ErrorContains(t, err, "larger than 1 MiB")
}

func TestTheExampleIsRightForThisKit(t *testing.T) {
	root, err := kit.Locate(".")
	require.NoError(t, err)
	k, err := kit.Open(root)
	require.NoError(t, err)
	c := parse(t, k, string(Example))
	require.Equal(t, 30, c.exercise("deadlock").Points)
	require.False(t, c.Graded("pool"))
	require.False(t, c.exercise("threads").Required)
	for _, key := range []string{"title", "language", "tier", "kit", "limits", "build", "exercise", "defaults", "points", "partial", "required", "graded", "show", "chapters", "exercises", "scenarios", "weight"} {
		require.Contains(t, string(Example), key+":", "the example has every key")
	}
}

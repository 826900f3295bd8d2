//go:build linux

package outline_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/outline"

	"github.com/stretchr/testify/require"
)

const places = "# Kit\n\n<!-- course: made by `checker generate` from exercises/chapters.json -->\nold\n<!-- end of course -->\n\n" +
	"<!-- calls: made by `checker generate` from exercises/chapters.json -->\n<!-- end of calls -->\nLast.\n"

func put(t *testing.T, k *kit.Kit, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(k.Root, name), []byte(text), 0o666))
}

func TestTheTablesAreDrawnInBothLanguages(t *testing.T) {
	k := minikit.New(t)
	for _, l := range lang.All { // a kit without them has none to draw in
		_, text, err := outline.Readme(k, l)
		require.NoError(t, err)
		require.Nil(t, text)
	}
	put(t, k, "README.md", places)
	put(t, k, "README.zh.md", places)
	put(t, k, "exercises/01-greet/README.zh.md", "# Greet：问好\n")
	require.Empty(t, outline.Lint(k))
	_, text, err := outline.Readme(k, lang.English)
	require.NoError(t, err)
	for _, row := range []string{
		"| **Greetings** | | |\n| 1 | [greet](exercises/01-greet): say hello | `print('hello')` |\n",
		"| `os` | exercises |\n|---|---|\n| `getlogin` | [greet](exercises/01-greet) |\n| `write` | [greet](exercises/01-greet), [greet-all](exercises/02-greet-all) |\n",
		"| `Event` | no exercise of their own |\n",
	} {
		require.Contains(t, string(text), row)
	}
	require.NotContains(t, string(text), "old")
	require.True(t, strings.HasSuffix(string(text), "<!-- end of calls -->\nLast.\n"))
	put(t, k, "README.md", string(text))
	_, again, err := outline.Readme(k, lang.English)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again), "drawn anew it is the same")

	_, text, err = outline.Readme(k, lang.Chinese)
	require.NoError(t, err)
	require.Contains(t, string(text), "| **问候** | | |\n| 1 | [greet](exercises/01-greet/README.zh.md)：问好 | `print('hello')` |\n")
	require.Contains(t, string(text), "| 2 | [greet-all](exercises/02-greet-all)：say hello to everybody | 带 `print` 的循环 |\n")
}

func TestLintFindsWhatDoesNotFitTheFolders(t *testing.T) {
	k := minikit.New(t)
	good, err := os.ReadFile(filepath.Join(k.Root, kit.ChaptersFile))
	require.NoError(t, err)
	for _, c := range []struct{ old, new, want string }{
		{`"zh": "问候"`, `"zh": ""`, `chapter 1 has no title in "zh"`},
		{`"name": "greet-all"`, `"name": "greets"`, `there is no exercise "greets"`},
		{`"name": "greet-all"`, `"name": "greet"`, "greet stands there twice"},
		{`"name": "greet"`, `"name": "toil"`, "greet-all stands behind an exercise with a higher number"},
		{`threading.Event`, `os.write`, "os.write is said to be without an exercise, and has one"},
		{`threading.Event`, `Event`, `"Event" is no name such as multiprocessing.Event`},
	} {
		put(t, k, kit.ChaptersFile, strings.Replace(string(good), c.old, c.new, 1))
		require.Contains(t, strings.Join(outline.Lint(k), "\n"), c.want)
	}
	put(t, k, kit.ChaptersFile, string(good))
	put(t, k, "README.zh.md", "# 课程\n")
	require.Contains(t, strings.Join(outline.Lint(k), "\n"), "README.zh.md has no place for a table: put the lines ")
}

func TestLintFindsWhatAnExerciseLacks(t *testing.T) {
	k := minikit.New(t)
	good, err := os.ReadFile(filepath.Join(k.Root, kit.ChaptersFile))
	require.NoError(t, err)
	e, err := k.Find("greet-all")
	require.NoError(t, err)
	require.Empty(t, outline.LintExercise(k, e))
	for _, c := range []struct{ old, new, want string }{
		{`"name": "greet-all"`, `"name": "greet"`, "it is in no chapter"},
		{`"en": "a loop with `, `"de": "`, "nothing says what it is in Python"},
		{"带 `print` 的循环", "", "is not told in Chinese"},
		{`"calls": ["os.write"]`, `"calls": []`, "it stands behind no call"},
		{`"calls": ["os.write"]`, `"calls": ["write"]`, `the call "write" is no name`},
		{`"calls": ["os.write"]`, `"calls": ["os.write", "os.write"]`, "the call os.write stands there twice"},
	} {
		put(t, k, kit.ChaptersFile, strings.Replace(string(good), c.old, c.new, 1))
		require.Contains(t, strings.Join(outline.LintExercise(k, e), "\n"), c.want)
	}
}

// The course's own calls, looked up in Python's library. What an instance alone has is named here.
func TestPythonHasTheCalls(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3: that its library has what the table names is not shown here")
	}
	code, err := exec.Command(python, "-c", "import sys; print(sys.version_info >= (3, 11))").Output()
	require.NoError(t, err)
	if string(code) != "True\n" {
		t.Skip("a Python before 3.11: that today's library has what the table names is not shown here")
	}
	root, err := kit.Locate(".")
	require.NoError(t, err)
	k, err := kit.Open(root)
	require.NoError(t, err)
	chapters, err := k.Chapters()
	require.NoError(t, err)
	source, err := k.ChaptersSource()
	require.NoError(t, err)
	names := source.Without
	for _, c := range kit.Calls(chapters) {
		names = append(names, c.Name)
	}
	cmd := exec.Command(python, append([]string{"-c", lookUp}, names...)...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Empty(t, strings.TrimSpace(string(out)), "what Python's library lacks")
}

const lookUp = `
import importlib, multiprocessing, subprocess, sys
made = {'multiprocessing.Lock': multiprocessing.Lock(), 'multiprocessing.Queue': multiprocessing.Queue(),
        'multiprocessing.JoinableQueue': multiprocessing.JoinableQueue(), 'subprocess.Popen': subprocess.Popen(['true'])}
for name in sys.argv[1:]:
    parts = name.split('.')
    owner = made.get('.'.join(parts[:-1]))
    for n in range(len(parts) - 1, 0, -1):
        if owner is not None:
            break
        try:
            owner = importlib.import_module('.'.join(parts[:n]))
            for part in parts[n:-1]:
                owner = getattr(owner, part)
        except ImportError:
            owner = None
    if not hasattr(owner, parts[-1]):
        print(name)
`

package upgrade

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/kit"

	"github.com/stretchr/testify/require"
)

const stub = "// Package join waits.\npackage join\n\n// Join waits.\nfunc Join() error { return nil }\n"

type clone struct {
	*testing.T
	upstream, root string
}

// newClone makes a kit upstream, and a learner's clone of it.
func newClone(t *testing.T) *clone {
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		t.Setenv("GIT_"+who+"_NAME", "a")
		t.Setenv("GIT_"+who+"_EMAIL", "a@b.c")
	}
	c := &clone{t, filepath.Join(t.TempDir(), "up"), filepath.Join(t.TempDir(), "clone")}
	c.git("", "init", "--quiet", "--initial-branch=main", c.upstream)
	c.write(c.upstream, map[string]string{"go.mod": "module forklings\n", ".gitignore": "_backup-*/\n/.forklings/\n",
		"exercises/07-join/join.go": stub, "exercises/07-join/README.md": "# Join\n", "testdata/attempts/join/stub.go": stub,
		"exercises/08-wait/wait.go": "package wait\n", "testdata/attempts/wait/stub.go": "package wait\n"})
	c.commit(c.upstream)
	c.git("", "clone", "--quiet", c.upstream, c.root)
	return c
}

func (c *clone) git(dir string, args ...string) string {
	c.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(c, err, "git %v: %s", args, out)
	return string(out)
}

func (c *clone) write(dir string, files map[string]string) {
	c.Helper()
	for name, text := range files {
		require.NoError(c, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		require.NoError(c, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
}

func (c *clone) commit(dir string) {
	c.Helper()
	c.git(dir, "add", "-A")
	c.git(dir, "commit", "--quiet", "-m", "x")
}

func (c *clone) read(name string) string {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.root, name))
	require.NoError(c, err)
	return string(text)
}

func (c *clone) upgrade() (Outcome, error) {
	c.Helper()
	k, err := kit.Open(c.root)
	require.NoError(c, err)
	return Run(c.Context(), k)
}

// newStub changes the stub upstream, where the learner has edited it.
func (c *clone) newStub() string {
	now := strings.Replace(stub, "func Join() error {", "func Join(n int) error {", 1)
	c.write(c.upstream, map[string]string{"exercises/07-join/join.go": now, "testdata/attempts/join/stub.go": now, "exercises/07-join/README.md": "# Join: wait\n"})
	c.commit(c.upstream)
	return now
}

var mine = strings.Replace(stub, "return nil", "return wait()", 1)

func TestAnEditedFileStaysAsItIs(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/07-join/join.go": mine, "exercises/07-join/more.go": "package join\n"})
	now := c.newStub()
	cmd := exec.Command("git", "pull", "--quiet")
	cmd.Dir = c.root
	require.Error(t, cmd.Run(), "this is what the upgrade is for")

	o, err := c.upgrade()
	require.NoError(t, err)
	require.Equal(t, []string{"exercises/07-join/join.go", "exercises/07-join/more.go"}, o.Kept)
	require.NotEqual(t, o.From, o.To)
	require.Equal(t, mine, c.read("exercises/07-join/join.go"))
	require.Equal(t, "package join\n", c.read("exercises/07-join/more.go"))
	require.Equal(t, now, c.read("testdata/attempts/join/stub.go"))
	require.Equal(t, "# Join: wait\n", c.read("exercises/07-join/README.md"))
	require.NoDirExists(t, aside(c.root))

	o, err = c.upgrade()
	require.NoError(t, err)
	require.Equal(t, o.From, o.To)
}

func TestACommittedFileStaysAsItIs(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/07-join/join.go": mine})
	c.commit(c.root)
	now := c.newStub()
	_, err := c.upgrade()
	require.NoError(t, err)
	require.Equal(t, mine, c.read("exercises/07-join/join.go"))
	require.Equal(t, now, c.read("testdata/attempts/join/stub.go"))
	require.Empty(t, c.git(c.root, "diff", "--name-only", "--diff-filter=U"), "no conflict is left")
}

func TestARenumberedExerciseTakesTheFileAlong(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/07-join/join.go": mine, "exercises/07-join/more.go": "package join\n"})
	c.git(c.upstream, "mv", "exercises/07-join", "exercises/09-join")
	c.commit(c.upstream)
	_, err := c.upgrade()
	require.NoError(t, err)
	require.Equal(t, mine, c.read("exercises/09-join/join.go"))
	require.Equal(t, "package join\n", c.read("exercises/09-join/more.go"))
	require.NoDirExists(t, filepath.Join(c.root, "exercises/07-join"))
}

func TestTheFileOfAnExerciseThatIsGoneIsNotLost(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/08-wait/wait.go": "package wait // mine\n"})
	c.git(c.upstream, "rm", "-r", "--quiet", "exercises/08-wait")
	c.commit(c.upstream)
	_, err := c.upgrade()
	require.ErrorContains(t, err, "the kit has no exercise wait any more; what you wrote for it is ")
	require.Equal(t, "package wait // mine\n", c.read(".forklings/upgrade/wait/wait.go"))
}

func TestWhatGitRefusesLeavesAllAsItWas(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/07-join/join.go": mine, "exercises/07-join/README.md": "my own words\n"})
	c.newStub()
	_, err := c.upgrade()
	require.ErrorContains(t, err, "nothing was upgraded, and your files are as you left them: git merge")
	require.ErrorContains(t, err, "README.md")
	require.Equal(t, mine, c.read("exercises/07-join/join.go"))
	require.Equal(t, "my own words\n", c.read("exercises/07-join/README.md"))
	require.Equal(t, stub, c.read("testdata/attempts/join/stub.go"))
}

func TestAnUpgradeThatWasCutOffIsPutRight(t *testing.T) {
	c := newClone(t)
	c.write(c.root, map[string]string{"exercises/07-join/join.go": mine, "exercises/08-wait/wait.go": "package wait // one\n"})
	c.newStub()
	k, err := kit.Open(c.root)
	require.NoError(t, err)
	g := git{t.Context(), c.root}
	base, err := g.run("rev-parse", "HEAD")
	require.NoError(t, err)
	_, err = g.putAside(k, base) // and here it was killed
	require.NoError(t, err)
	require.Equal(t, stub, c.read("exercises/07-join/join.go"))
	c.write(c.root, map[string]string{"exercises/08-wait/wait.go": "package wait // two\n"}) // the learner began anew

	require.NoError(t, Restore(t.Context(), c.root))
	require.Equal(t, mine, c.read("exercises/07-join/join.go"))
	require.Equal(t, "package wait // two\n", c.read("exercises/08-wait/wait.go"))
	require.Equal(t, "package wait // one\n", c.read("exercises/08-wait/_backup-1/wait.go.txt"))
	require.NoDirExists(t, aside(c.root))
	require.NoError(t, Restore(t.Context(), c.root))
}

func TestWhatCannotBeUpgradedIsSaidBeforeAnythingIsTouched(t *testing.T) {
	c := newClone(t)
	c.git(c.root, "branch", "--unset-upstream")
	_, err := c.upgrade()
	require.ErrorContains(t, err, "this branch follows none")

	c = newClone(t)
	require.NoError(t, os.Rename(c.upstream, c.upstream+"-away"))
	_, err = c.upgrade()
	require.ErrorContains(t, err, "nothing was changed: what is new cannot be fetched: git fetch")

	c = newClone(t)
	require.NoError(t, os.RemoveAll(filepath.Join(c.root, ".git")))
	_, err = c.upgrade()
	require.ErrorContains(t, err, "is no clone")

	c = newClone(t)
	unlock, err := hold(c.root)
	require.NoError(t, err)
	defer unlock()
	_, err = c.upgrade()
	require.ErrorContains(t, err, "another upgrade of this clone is at work")
}

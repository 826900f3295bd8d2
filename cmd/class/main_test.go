//go:build linux

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A learner's checker is built without SQLite, and becomes this command when a class is to be graded.
func TestTheCheckerBuildsThisWhenItIsAskedFor(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", "../checker").Output()
	require.NoError(t, err)
	require.NotContains(t, string(deps), "modernc.org")

	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	dir := t.TempDir()
	t.Setenv("GOCACHE", strings.TrimSpace(string(gocache)))
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("LC_ALL", "C")
	checker := filepath.Join(dir, "checker")
	out, err := exec.Command("go", "build", "-o", checker, "../checker").CombinedOutput()
	require.NoError(t, err, "%s", out)
	const building = "building the checker with the database of a class"
	run := func(parts ...string) (said string, status int) {
		out, err := exec.Command(checker, append([]string{"merge-results", "-db", filepath.Join(dir, "class.db")}, parts...)...).CombinedOutput()
		var exit *exec.ExitError
		require.True(t, errors.As(err, &exit), "%v", err)
		return string(out), exit.ExitCode()
	}
	said, status := run()
	require.Contains(t, said, "name the databases to merge")
	require.NotContains(t, said, building, "what was called wrongly is told at once")
	require.Equal(t, 2, status)
	part := filepath.Join(dir, "part.db")
	said, status = run(part)
	require.Contains(t, said, building)
	require.Contains(t, said, "there is no "+part, "it went on in this command")
	require.Equal(t, 3, status)
	said, status = run(part)
	require.NotContains(t, said, building)
	require.Equal(t, 3, status)
	require.NoFileExists(t, filepath.Join(dir, "class.db"))
	kept, err := os.ReadDir(filepath.Join(dir, "forklings"))
	require.NoError(t, err)
	require.NotEmpty(t, kept)
}

//go:build linux

package built

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// kept gives a cache of the test's own, and the go tool's as it is.
func kept(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	t.Setenv("GOCACHE", strings.TrimSpace(string(out)))
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	return cache
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func TestACommandIsBuiltOnceForItsSources(t *testing.T) {
	cache, root := kept(t), t.TempDir()
	write(t, root, "go.mod", "module small\n\ngo 1.25.0\n")
	write(t, root, "go.sum", "")
	write(t, root, "cmd/one/main.go", "package main\n\nimport \"small/says\"\n\nfunc main() { print(says.It) }\n")
	write(t, root, "says/says.go", "package says\n\nconst It = \"first\"\n")
	said := func() (path, said string) {
		path, err := Command(root, "one", nil, "says")
		require.NoError(t, err)
		out, err := exec.Command(path).CombinedOutput()
		require.NoError(t, err)
		return path, string(out)
	}
	first, text := said()
	require.Equal(t, "first", text)

	write(t, root, "says/says_test.go", "package says\n")
	t.Setenv("PATH", t.TempDir()) // no go command: nothing can be built
	again, text := said()
	require.Equal(t, first, again)
	require.Equal(t, "first", text)

	write(t, root, "says/says.go", "package says\n\nconst It = \"second\"\n")
	_, err := Command(root, "one", nil, "says")
	require.ErrorContains(t, err, "build the kit's one")
	left, err := filepath.Glob(filepath.Join(cache, "forklings", "one-*"))
	require.NoError(t, err)
	require.Equal(t, []string{first}, left, "what could not be built leaves nothing")
}

// A supervisor is started for every scenario: what it does not need is not in its executable.
func TestTheSupervisorIsSmall(t *testing.T) {
	kept(t)
	path, err := Command("../..", "supervisor", nil, "checker/supervisor")
	require.NoError(t, err)
	f, err := elf.Open(path)
	require.NoError(t, err)
	defer f.Close()
	require.False(t, slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }), "it is linked dynamically")
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if .Module}}{{.Module.Path}}{{end}}", "../../cmd/supervisor").Output()
	require.NoError(t, err)
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	require.Equal(t, []string{"forklings", "golang.org/x/sys"}, slices.Compact(modules))
}

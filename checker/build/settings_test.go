//go:build unix

package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheCacheIsTheOneThatGoTakes compares with what the go tool says.
func TestTheCacheIsTheOneThatGoTakes(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "env")
	require.NoError(t, os.WriteFile(file, []byte("GOFLAGS=-v\nGOCACHE="+dir+"/written\n"), 0o644))
	for name, env := range map[string][3]string{ // HOME, GOENV, GOCACHE
		"by default":            {dir, "off", ""},
		"from a file":           {dir, file, ""},
		"from the user":         {dir, file, dir + "/set"},
		"from no file":          {dir, filepath.Join(dir, "none"), ""},
		"where nothing is said": {dir, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for i, key := range []string{"HOME", "GOENV", "GOCACHE"} {
				t.Setenv(key, env[i])
			}
			t.Setenv("XDG_CACHE_HOME", "")
			t.Setenv("XDG_CONFIG_HOME", "")
			out, err := exec.Command("go", "env", "GOCACHE").Output()
			require.NoError(t, err)
			require.Equal(t, string(out), cache()+"\n")
		})
	}
	t.Setenv("GOCACHE", "no/path")
	require.Empty(t, cache())
	t.Setenv("GOCACHE", "")
	t.Setenv("GOCACHEPROG", "of-the-user's")
	require.Empty(t, cache())
}

// TestAStarterOfGoIsNotWalledIn: what stands on PATH may need rights of its own; the go tool behind it is what builds.
func TestAStarterOfGoIsNotWalledIn(t *testing.T) {
	k := miniature(t)
	gotool, err := exec.LookPath("go")
	require.NoError(t, err)
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\necho \"$@\" >> "+bin+"/asked || exit 9\nexec "+gotool+" \"$@\"\n"), 0o755))
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	b, err := newBuilder(t.Context(), k, t.TempDir())
	require.NoError(t, err)
	require.NotNil(t, b.writes)
	require.NotEqual(t, filepath.Join(bin, "go"), b.gotool)
	asked, err := os.ReadFile(filepath.Join(bin, "asked"))
	require.NoError(t, err)
	require.Equal(t, "env GOROOT\n", string(asked))

	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\necho nothing\n"), 0o755))
	b, err = newBuilder(t.Context(), k, t.TempDir())
	require.NoError(t, err)
	require.Nil(t, b.writes, "nobody knows where Go is")
}

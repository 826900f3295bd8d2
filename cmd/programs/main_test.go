package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// All exercises' programs are one binary: what one of them computes for the variables of its package, every process of
// every exercise computes when it starts. GODEBUG=inittrace=1 (https://pkg.go.dev/runtime) tells how much that is.
func TestNoProgramMakesTheOthersStartSlowly(t *testing.T) {
	const most = 64 << 10 // bytes a package

	file := filepath.Join(t.TempDir(), "programs")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	program := exec.Command(file)
	program.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err = program.CombinedOutput()
	require.Error(t, err, "it has no name of an exercise")

	found := regexp.MustCompile(`(?m)^init (forklings/\S+) .* (\d+) bytes`).FindAllSubmatch(out, -1)
	require.NotEmpty(t, found, "%s", out)
	for _, f := range found {
		bytes, err := strconv.Atoi(string(f[2]))
		require.NoError(t, err)
		require.LessOrEqual(t, bytes, most, "%s makes so many bytes when it starts: make them where they are used (sync.OnceValue)", f[1])
	}
}

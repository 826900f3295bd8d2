package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What Go's race detector says of shared-counter agrees with what its scenarios say, as far as it can see: a number
// without a lock is a data race, one with a lock is none; nor is one with a lock for the load and another for the store,
// however wrong that is. The race detector needs cgo and a C compiler.
func TestRaceDetectorAgrees(t *testing.T) {
	out, err := exec.Command("go", "env", "CGO_ENABLED", "CC").Output()
	require.NoError(t, err)
	const unseen = "not shown: that Go's race detector says of shared-counter what its scenarios say"
	if words := strings.Fields(string(out)); words[0] != "1" {
		t.Skip(unseen + "; cgo is off")
	} else if _, err := exec.LookPath(words[1]); err != nil {
		t.Skip(unseen + "; it needs a C compiler")
	}
	for attempt, race := range map[string]bool{
		"solutions/shared-counter/shared_counter.go":                    false,
		"testdata/attempts/shared-counter/wrong/no-lock.go":             true,
		"testdata/attempts/shared-counter/wrong/no-lock.each-access.go": false,
	} {
		t.Run(filepath.Base(attempt), func(t *testing.T) {
			out, err := exec.Command(buildForRace(t, attempt), "many").CombinedOutput()
			found := bytes.Contains(out, []byte("WARNING: DATA RACE"))
			require.Equal(t, race, found, "data race found; %v\n%s", err, out)
			if !race {
				require.NoError(t, err, "%s", out)
			}
		})
	}
}

// buildForRace builds the programs with an attempt in the place of the learner's file. The name chooses the program.
func buildForRace(t *testing.T, attempt string) string {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "exercises/43-shared-counter/shared_counter.go"): filepath.Join(root, attempt),
	}})
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644))
	program := filepath.Join(dir, "shared-counter")
	out, err := exec.Command("go", "build", "-race", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

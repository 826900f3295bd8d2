package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What Go's race detector says of shared-counter agrees with what its scenarios say, as far as it can see: a number
// without a lock is a data race, one with a lock is none; nor is one with a lock for the load and another for the store,
// however wrong that is. The race detector needs cgo and a C compiler.
func TestRaceDetectorAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("builds for the race detector")
	}
	cgo, err := exec.Command("go", "env", "CGO_ENABLED", "CC").Output()
	if words := bytes.Fields(cgo); err != nil || len(words) < 2 || string(words[0]) != "1" {
		t.Skip("no cgo")
	} else if _, err := exec.LookPath(string(words[1])); err != nil {
		t.Skip("no C compiler:", err)
	}
	for attempt, race := range map[string]bool{
		"solutions/shared-counter/shared_counter.go":                    false,
		"testdata/attempts/shared-counter/wrong/no-lock.go":             true,
		"testdata/attempts/shared-counter/wrong/no-lock.each-access.go": false,
	} {
		t.Run(filepath.Base(attempt), func(t *testing.T) {
			out, err := exec.Command(buildForRace(t, attempt), "many").CombinedOutput()
			found := bytes.Contains(out, []byte("WARNING: DATA RACE"))
			if found != race || !race && err != nil {
				t.Errorf("data race found: %v, want %v (%v)\n%s", found, race, err, out)
			}
		})
	}
}

// buildForRace builds the programs with an attempt in the place of the learner's file. The name chooses the program.
func buildForRace(t *testing.T, attempt string) string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "exercises/43-shared-counter/shared_counter.go"): filepath.Join(root, attempt),
	}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "shared-counter")
	build := exec.Command("go", "build", "-race", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

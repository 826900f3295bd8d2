//go:build unix

// Package gotest lets `go test` grade an exercise: the same build, the same sandbox and the same scenarios as
// the checker's, because it is the checker that is run.
//
// The test binary holds the learner's package, whose initialisers run in it, so it must not be what decides.
// It is kept small: it is linked anew after every edit.
package gotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/built"
	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"
)

// Grade grades the exercise in the current folder as it stands, one subtest for each scenario. What a scenario
// says is what the checker says. A fault of the machine or the kit fails the test too, and says that it is one.
func Grade(t *testing.T) {
	l := lang.FromEnvironment(os.Getenv)
	fault := l.Text("the kit's or the machine's fault, not yours")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(filepath.Dir(dir))
	checker, err := built.Command(root, "checker", nil, "checker")
	if err != nil {
		t.Fatalf("%s: %s", fault, l.Error(err))
	}
	cmd := exec.Command(checker, "grade", "-format", "json", "-shared", "-lang", string(l), filepath.Base(dir))
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var r result.Result
	if err := errors.Join(json.Unmarshal(out, &r), exitError(err)); err != nil || len(r.Exercises) != 1 {
		t.Fatalf("%s: %s\n%s", fault, l.Error(err), stderr.Bytes())
	}
	e := r.Exercises[0]
	if e.Message != "" && cmd.ProcessState.ExitCode() == 3 {
		t.Fatalf("%s: %s", fault, e.Message)
	}
	if e.Message != "" {
		t.Fatalf("%s: %s", render.Status(l, e.Status), e.Message)
	}
	for _, s := range e.Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			switch s.Status {
			case result.Pass:
			case result.Skip:
				t.Skip(l.Sprintf("not shown on this machine: %s (%s)", s.Title, s.Because))
			case result.Error:
				t.Errorf("%s\n%s", fault, Text(s, l))
			default:
				t.Error(Text(s, l))
			}
		})
	}
	if t.Failed() {
		t.Log(l.Sprintf("a hint: go run ./cmd/checker hint %s", e.Name))
	}
}

// exitError is nil for the exit statuses with which a result comes.
func exitError(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3) {
		return nil
	}
	return err
}

// Text is a failed scenario as `go test` shows it, with the place of the script's line first.
func Text(s result.Scenario, l lang.Lang) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", strings.TrimSpace(fmt.Sprintf("%s:%d: %s %s", s.File, s.Line, render.Status(l, s.Status), s.Mistake)), s.Title)
	for _, part := range render.Parts(s, l) {
		if text := strings.TrimSpace(part.Text); text != "" {
			fmt.Fprintf(&b, "  %s%s\n", part.Label, strings.ReplaceAll(text, "\n", "\n  "+render.Pad("", render.Width(part.Label))))
		}
	}
	if len(s.Timeline) > 0 {
		fmt.Fprintf(&b, "\n%s\n", render.Timeline(s.Timeline, true, render.Style{Lang: l}))
	}
	return strings.TrimRight(b.String(), "\n")
}

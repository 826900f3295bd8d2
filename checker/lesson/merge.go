package lesson

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"forklings/checker/lang"
)

// Merged is what a merge came to.
type Merged struct {
	Text      []byte
	Conflicts int // places that both sides have changed; they are marked in the text
}

// ErrNoGit: there is no git to merge with.
var ErrNoGit = errors.New("no git on PATH, which merges")

// Merge brings what has changed from one stub to the next into the learner's file (git-merge-file(1)). Where both have changed the same
// lines, the text holds both, marked with <<<<<<<, ======= and >>>>>>>.
func Merge(ctx context.Context, l lang.Lang, mine, begun, now []byte) (m Merged, err error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return m, ErrNoGit
	}
	dir, err := os.MkdirTemp("", "forklings-merge-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	args := []string{"merge-file", "-p", "-L", l.Text("yours"), "-L", l.Text("the stub before"), "-L", l.Text("the new stub")}
	for name, text := range map[string][]byte{"mine": mine, "begun": begun, "now": now} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return m, err
		}
	}
	cmd := exec.CommandContext(ctx, git, append(args, "mine", "begun", "now")...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	m.Text, err = cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 && exit.ExitCode() < 128 {
		m.Conflicts, err = exit.ExitCode(), nil
	}
	if err != nil {
		return m, fmt.Errorf("git merge-file: %w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return m, nil
}

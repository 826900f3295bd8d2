package upgrade

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"forklings/checker/lang"
)

// git runs git in the clone.
type git struct {
	ctx  context.Context
	root string
}

// lasting is for what has to be done also after an interrupt.
func (g git) lasting() git { return git{context.WithoutCancel(g.ctx), g.root} }

func (g git) bytes(args ...string) ([]byte, error) {
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir = g.root
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, lang.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out, nil
}

func (g git) run(args ...string) (string, error) {
	out, err := g.bytes(args...)
	return strings.TrimSpace(string(out)), err
}

// ready says why this clone cannot be upgraded, and what to do.
func (g git) ready() error {
	if _, err := exec.LookPath("git"); err != nil {
		return lang.Errorf("nothing was changed: there is no git on PATH")
	}
	top, err := g.run("rev-parse", "--show-toplevel")
	if err != nil {
		return lang.Errorf("nothing was changed: %s is no clone: %v", g.root, err)
	}
	if real, err := filepath.EvalSymlinks(g.root); err != nil || real != top {
		return lang.Errorf("nothing was changed: %s is a part of the repository %s, and is upgraded with that", g.root, top)
	}
	if _, err := g.run("rev-parse", "@{u}"); err != nil {
		return lang.Errorf("nothing was changed: this branch follows none; `git branch --set-upstream-to origin/main` makes it follow that one")
	}
	if _, err := g.run("rev-parse", "--quiet", "--verify", "MERGE_HEAD"); err == nil {
		return lang.Errorf("nothing was changed: a merge is under way; end it first, with `git merge --continue` or `git merge --abort`")
	}
	return nil
}

// clean: the file is what the last commit says.
func (g git) clean(path string) bool {
	if _, err := g.run("ls-files", "--error-unmatch", "--", path); err != nil {
		return false
	}
	_, err := g.run("diff", "--quiet", "HEAD", "--", path)
	return err == nil
}

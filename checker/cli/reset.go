package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/lang"
)

// reset puts the stub back. What was there is moved to a backup first, which no build takes for an attempt.
func reset(_ context.Context, c *call) error {
	if len(c.args) != 1 {
		return usage("name one exercise: checker reset join")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	found, err := find(k, c.args)
	if err != nil {
		return err
	}
	e := found[0]
	stub, err := e.Stub()
	if err != nil {
		return err
	}
	own, err := filepath.Glob(filepath.Join(e.Dir, "*.go"))
	if err != nil {
		return err
	}
	var move []string
	for _, f := range own {
		if !strings.HasSuffix(f, "_test.go") {
			move = append(move, f)
		}
	}
	target := filepath.Join(e.Dir, e.File)
	if len(move) == 1 && move[0] == target {
		if text, err := os.ReadFile(target); err == nil && string(text) == string(stub) {
			return c.printf("%s\n", c.lang.Sprintf("%s is the stub already.", e.File))
		}
	}
	if len(move) > 0 && !c.opt.yes {
		c.printf("%s ", c.lang.Sprintf("Put the stub of %s back? What you wrote is kept in a backup. y/N", e.Name))
		answer, _ := bufio.NewReader(c.In).ReadString('\n')
		if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
			c.printf("%s\n", c.lang.Text("Nothing was changed."))
			return status{Failed, ""}
		}
	}
	kept, back := "", ""
	place := func() error { return writeWhole(target, stub) }
	if len(move) > 0 {
		backup, err := backupDir(e.Dir)
		if err != nil {
			return lang.Errorf("nothing was changed: %w", err)
		}
		written := filepath.Join(backup, e.File)
		if err := writeWhole(written, stub); err != nil { // before anything is moved: the disk may be full
			os.Remove(backup)
			return lang.Errorf("nothing was changed: %w", err)
		}
		place = func() error { return os.Rename(written, target) }
		kept = near(backup)
		saved := func(f string) string { return filepath.Join(backup, filepath.Base(f)+".txt") }
		back = near(backup)
		if len(move) == 1 && move[0] == target {
			back = near(saved(target))
		}
		for _, f := range move {
			if err := os.Rename(f, saved(f)); err != nil {
				os.Remove(written)
				return lang.Errorf("%w; what you wrote is in %s, as far as it was moved", err, near(backup))
			}
		}
	}
	if err := place(); err != nil {
		if kept != "" {
			return lang.Errorf("%w; what you wrote is in %s", err, kept)
		}
		return err
	}
	switch {
	case back == "":
		return c.printf("%s\n", c.lang.Sprintf("%s is the stub again.", near(target)))
	case strings.HasSuffix(back, ".txt"):
		return c.printf("%s\n", c.lang.Sprintf("%[1]s is the stub again; what you wrote is in %[2]s. Back again: cp %[2]s %[1]s", near(target), back))
	}
	return c.printf("%s\n", c.lang.Sprintf("%[1]s is the stub again; what you wrote is in %[2]s, each file with .txt behind its name. Back again: cp each of them without .txt", near(target), back))
}

// near is the path as seen from the current folder, when it is below it.
func near(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// backupDir makes a folder _backup-N that the go tool and git leave alone.
func backupDir(dir string) (string, error) {
	for n := 1; ; n++ {
		name := filepath.Join(dir, fmt.Sprintf("_backup-%d", n))
		err := os.Mkdir(name, 0o755)
		if err == nil || !os.IsExist(err) {
			return name, err
		}
	}
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lesson"
)

// changedStubs tells of exercises whose stub is another one than that which the learner began from.
func (c *call) changedStubs(changed []kit.Exercise) {
	for _, e := range changed {
		fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("the kit has a new stub for %[1]s, and your file stands on the old one. `go run ./cmd/checker merge %[1]s` brings the change into it; what you wrote stays.", e.Name))
	}
}

// merge brings what has changed in a stub into the learner's file, and keeps the file as it was in a backup.
func merge(ctx context.Context, c *call) error {
	if len(c.args) != 1 {
		return usage("name one exercise: checker merge join")
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
	own, err := attempt.Own(k)
	if err != nil {
		return err
	}
	handed, err := choose(own, found)
	if err != nil {
		return err
	}
	store := c.remembered(k)
	if _, err := store.Stubs(own.Handed); err != nil {
		return status{CannotJudge, store.Trouble()}
	}
	now, err := e.Stub()
	if err != nil {
		return err
	}
	begun, _ := store.Stub(e.Name)
	target := filepath.Join(e.Dir, e.File)
	mine, err := os.ReadFile(target)
	switch {
	case err != nil:
		return status{Failed, c.lang.Sprintf("nothing was merged: %[1]v. `go run ./cmd/checker reset %[2]s` puts the stub there", err, e.Name)}
	case handed[0].Untouched(), begun == string(now):
		return c.printf("%s\n", c.lang.Sprintf("There is nothing to merge: %s stands on the kit's stub.", near(target)))
	case marked(mine):
		return status{Failed, c.lang.Sprintf("nothing was merged: %s has conflicts from a merge before. Settle them first: choose between what stands behind <<<<<<< and behind =======, and take the marks out", near(target))}
	}
	m, err := lesson.Merge(ctx, c.lang, mine, []byte(begun), now)
	if errors.Is(err, lesson.ErrNoGit) {
		return status{CannotJudge, c.lang.Text("nothing was merged: there is no git on PATH, which does it")}
	}
	if err != nil {
		return err
	}
	backup, err := backupDir(e.Dir)
	if err != nil {
		return status{CannotJudge, c.lang.Sprintf("nothing was changed: %v", err)}
	}
	kept := filepath.Join(backup, e.File+".txt")
	if err := writeWhole(kept, mine); err != nil {
		return err
	}
	if err := writeWhole(target, m.Text); err != nil {
		return err
	}
	if err := store.Begin(e.Name, string(now)); err != nil {
		fmt.Fprintln(c.Err, "checker:", store.Trouble())
	}
	c.printf("%s\n", c.lang.Sprintf("The change of the stub is in %[1]s now; the file as it was is %[2]s.", near(target), near(kept)))
	if m.Conflicts > 0 {
		c.printf("%s\n", c.lang.Sprintf("You and the kit have changed the same lines; places: %d. Both versions stand there, marked with <<<<<<<, ======= and >>>>>>>: choose, and take the marks out.", m.Conflicts))
		return status{Failed, ""}
	}
	return nil
}

// marked: a merge has left marks that nobody has settled.
func marked(text []byte) bool {
	t := "\n" + string(text)
	return strings.Contains(t, "\n<<<<<<< ") && strings.Contains(t, "\n>>>>>>> ")
}

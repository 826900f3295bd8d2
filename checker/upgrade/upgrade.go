// Package upgrade brings a clone of the kit up to date, and leaves every file that the learner wrote as it is.
//
// A plain `git pull` refuses when an edited stub has changed upstream, and when the edit was committed, it merges into it. So the
// learner's files are put aside while git works on a clean tree, and put back: into the folder that the exercise has
// then. Whatever ends an upgrade in its middle, Restore puts them back later.
package upgrade

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// Outcome is what an upgrade came to.
type Outcome struct {
	From, To string   // commits, shortened; the same when there was nothing new
	Kept     []string // the learner's files, as paths in the kit
}

// Run fetches what is new and brings it in. The error says what was left as it was, and what to do.
func Run(ctx context.Context, k *kit.Kit) (o Outcome, err error) {
	g := git{ctx, k.Root}
	unlock, err := hold(k.Root)
	if err != nil {
		return o, err
	}
	defer unlock()
	if err := putBack(g.lasting()); err != nil {
		return o, err
	}
	if err := g.ready(); err != nil {
		return o, err
	}
	if _, err := g.run("fetch", "--quiet"); err != nil {
		return o, lang.Errorf("nothing was changed: what is new cannot be fetched: %v", err)
	}
	base, err := g.run("merge-base", "HEAD", "@{u}")
	if err != nil {
		return o, err
	}
	from, err := g.run("rev-parse", "HEAD")
	if err != nil {
		return o, err
	}
	to, err := g.run("rev-parse", "@{u}")
	if err != nil {
		return o, err
	}
	o.From, o.To = from[:10], to[:10]
	if base == to {
		o.To = o.From
		return o, nil
	}
	if o.Kept, err = g.putAside(k, base); err != nil {
		return o, errors.Join(err, putBack(g.lasting()))
	}
	how := "--ff-only"
	if from != base { // the learner has commits
		how = "-Xours"
	}
	if _, err = g.run("merge", "--quiet", "--no-edit", how, to); err != nil {
		g.lasting().run("merge", "--abort")
		err = lang.Errorf("nothing was upgraded, and your files are as you left them: %v", err)
	}
	return o, errors.Join(err, putBack(g.lasting()))
}

// Restore puts back what an upgrade that was ended in its middle has put aside. Without one, or while one is at work, it does nothing.
func Restore(ctx context.Context, root string) error {
	if _, err := os.Stat(aside(root)); err != nil {
		return nil
	}
	unlock, err := hold(root)
	if err != nil {
		return nil
	}
	defer unlock()
	g := git{ctx, root}.lasting()
	if _, err := os.Stat(filepath.Join(root, ".git", "MERGE_HEAD")); err == nil {
		g.run("merge", "--abort")
	}
	return putBack(g)
}

// hold keeps a second upgrade out until it is undone, or this process has ended (flock(2)).
func hold(root string) (unlock func(), err error) {
	dir := filepath.Dir(aside(root))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, lang.Errorf("nothing was changed: %v", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "upgrade.lock"), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, lang.Errorf("nothing was changed: %v", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		f.Close()
		return nil, lang.Errorf("nothing was changed: another upgrade of this clone is at work")
	}
	return func() { f.Close() }, nil
}

// putAside saves the learner's files, and gives git a clean tree. A file is the learner's when it is not what the kit had in the
// commit that both sides begin from.
func (g git) putAside(k *kit.Kit, base string) (kept []string, err error) {
	for _, e := range k.Exercises {
		files, err := filepath.Glob(filepath.Join(e.Dir, "*.go"))
		if err != nil {
			return kept, err
		}
		for _, f := range files {
			name := filepath.Base(f)
			path := "exercises/" + e.Folder + "/" + name
			mine, err := os.ReadFile(f)
			if err != nil || strings.HasSuffix(name, "_test.go") {
				continue
			}
			theirs, err := g.bytes("show", base+":"+path)
			if err == nil && bytes.Equal(mine, theirs) {
				continue
			}
			if err := save(filepath.Join(aside(g.root), e.Name, name), mine); err != nil {
				return kept, lang.Errorf("nothing was upgraded: your files cannot be put aside: %v", err)
			}
			kept = append(kept, path)
			if _, unknown := g.run("cat-file", "-e", "HEAD:"+path); unknown != nil { // to git
				err = os.Remove(f)
			} else {
				_, err = g.run("checkout", "--quiet", "HEAD", "--", path)
			}
			if err != nil {
				return kept, err
			}
		}
	}
	return kept, nil
}

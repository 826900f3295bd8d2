package cli

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"forklings/checker/kit"
	"forklings/checker/scaffold"
	"forklings/checker/verify"
)

// generateCommand writes what is made from something else: the list of the programs, the language's reference,
// and the copies of the stubs, which the exercises' own files are the originals of.
func generateCommand(_ context.Context, c *call) error {
	k, err := c.openKit()
	if err != nil {
		return err
	}
	return c.generate(k)
}

func (c *call) generate(k *kit.Kit) error {
	files := verify.Generated(k)
	for _, e := range k.Exercises {
		stub, err := os.ReadFile(filepath.Join(e.Dir, e.File))
		if err != nil {
			return err
		}
		copied, err := filepath.Rel(k.Root, e.StubFile())
		if err != nil {
			return err
		}
		files[copied] = stub
	}
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(k.Root, name)
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, files[name]) {
			continue
		}
		stale = append(stale, name)
		if c.opt.check {
			c.printf("%s is not fresh\n", name)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := writeWhole(path, files[name]); err != nil {
			return err
		}
		c.printf("wrote %s\n", name)
	}
	if c.opt.check && len(stale) > 0 {
		return status{Failed, plural(len(stale), "file is", "files are") + " not fresh: run `go run ./cmd/checker generate`"}
	}
	return nil
}

func scaffoldCommand(_ context.Context, c *call) error {
	if len(c.args) != 1 {
		return usage("name the new exercise: checker new shared-memory")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	written, err := scaffold.New(k, c.args[0])
	var name scaffold.NameError
	if errors.As(err, &name) {
		return status{Usage, err.Error()}
	}
	if err != nil {
		return err
	}
	for _, name := range written {
		c.printf("wrote %s\n", name)
	}
	if k, err = kit.Open(k.Root); err != nil {
		return err
	}
	e, err := k.Find(c.args[0])
	if err != nil {
		return err
	}
	c.printf("\nWhat is missing; `checker verify %s` tells it anew:\n", e.Name)
	for _, p := range verify.Lint(k, e) {
		c.printf("  %s\n", p)
	}
	if err := c.generate(k); err != nil {
		return err
	}
	return c.printf("\nWhen nothing is missing, take the line <!-- unfinished --> out of its README.md.\n")
}

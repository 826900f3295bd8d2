package kit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Version is 12 hexadecimal digits that stand for everything that decides a verdict: the checker, the commands, every
// exercise's program and scenarios, the untouched stubs, and the module's dependencies. What a learner edits,
// READMEs, hints and solutions change nothing in it.
func (k *Kit) Version() (string, error) {
	files := []string{"go.mod", "go.sum"}
	folders := []string{"checker", "cmd"}
	for _, e := range k.Exercises {
		folders = append(folders, filepath.Join("exercises", e.Folder, "program"), filepath.Join("exercises", e.Folder, "testdata"))
		files = append(files, filepath.Join("testdata", "attempts", e.Name, "stub.go"))
	}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(k.Root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			name, err := filepath.Rel(k.Root, path)
			files = append(files, name)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("kit version: %w", err)
		}
	}
	slices.Sort(files)
	sum := sha256.New()
	for _, file := range files {
		if err := add(sum, k.Root, file); err != nil {
			return "", fmt.Errorf("kit version: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

// add hashes a file's name, length and content; a missing file counts as such.
func add(sum hash.Hash, root, file string) error {
	data, err := os.ReadFile(filepath.Join(root, file))
	size := len(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		size = -1
	case err != nil:
		return err
	}
	fmt.Fprintf(sum, "%s\x00%d\x00", filepath.ToSlash(file), size)
	sum.Write(data)
	return nil
}

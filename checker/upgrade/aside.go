package upgrade

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// aside is where the learner's files are while git works.
func aside(root string) string { return filepath.Join(root, ".forklings", "upgrade") }

// save writes a file that is on the disk when it returns.
func save(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".save-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// putBack puts everything back that was put aside. What was written in its place meanwhile stays, and the old file goes to a backup
// beside it. The files of an exercise that the kit has no more stay where they are, which the error says.
func putBack(g git) error {
	saved, err := filepath.Glob(filepath.Join(aside(g.root), "*", "[^.]*"))
	if err != nil || len(saved) == 0 {
		return err
	}
	k, err := kit.Open(g.root)
	if err != nil {
		return lang.Errorf("your files are in %s: %v", aside(g.root), err)
	}
	var left []error
	for _, from := range saved {
		name := filepath.Base(filepath.Dir(from))
		at := slices.IndexFunc(k.Exercises, func(e kit.Exercise) bool { return e.Name == name })
		if at < 0 {
			left = append(left, lang.Errorf("the kit has no exercise %s any more; what you wrote for it is %s", name, from))
			continue
		}
		if err := g.putBackOne(from, k.Exercises[at]); err != nil {
			left = append(left, lang.Errorf("what you wrote for %s is %s, and cannot be put back: %v", name, from, err))
		}
	}
	if len(left) == 0 {
		return os.RemoveAll(aside(g.root))
	}
	return errors.Join(left...)
}

func (g git) putBackOne(from string, e kit.Exercise) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	name := filepath.Base(from)
	to := filepath.Join(e.Dir, name)
	if _, err := os.Stat(to); err == nil && !g.clean(to) {
		if err := backup(e.Dir, name, data); err != nil {
			return err
		}
	} else if err := save(to, data); err != nil {
		return err
	}
	return os.Remove(from)
}

// backup keeps a file in a folder that the go tool and git leave alone.
func backup(dir, name string, data []byte) error {
	for n := 1; ; n++ {
		to := filepath.Join(dir, fmt.Sprintf("_backup-%d", n))
		if err := os.Mkdir(to, 0o755); os.IsExist(err) {
			continue
		} else if err != nil {
			return err
		}
		return save(filepath.Join(to, name+".txt"), data)
	}
}

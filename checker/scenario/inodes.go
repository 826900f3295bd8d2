package scenario

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// orderInodes lets the inode numbers of the script's files rise with their names. Who takes locks in the order of these
// numbers is right, and could not be played again in the same way if each play had them in another order.
func orderInodes(dir string) error {
	type file struct {
		path, aside string
		text        []byte
		inode       uint64
	}
	var files []file
	aside, err := os.MkdirTemp(filepath.Dir(dir), "aside")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var is unix.Stat_t
		if err := unix.Lstat(path, &is); err != nil {
			return err
		}
		files = append(files, file{path, filepath.Join(aside, strconv.Itoa(len(files))), text, is.Ino})
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Rename(f.path, f.aside); err != nil {
			return err
		}
	}
	risen := slices.SortedFunc(slices.Values(files), func(a, b file) int { return cmp.Compare(a.inode, b.inode) })
	for i, f := range files {
		if err := os.Rename(risen[i].aside, f.path); err != nil {
			return err
		}
		if err := os.WriteFile(f.path, f.text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

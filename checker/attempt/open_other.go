//go:build !unix

package attempt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

var errNotDir = errors.New("not a directory")

// Nothing is graded here; this only lets the checker be built.

func openFolder(dir string) (*os.File, error) { return os.Open(dir) }

func openFile(folder *os.File, name string) (*os.File, fs.FileMode, error) {
	path := filepath.Join(folder.Name(), name)
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, info.Mode(), err
	}
	file, err := os.Open(path)
	return file, info.Mode(), err
}

package ci

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"forklings/checker/kit"
)

// Write writes Gradescope's autograder.zip: setup.sh, run_autograder, the course file where there is one, and of the kit what
// grades. Solutions and the attempts that the kit keeps are not in it, and every exercise is the untouched stub. The same kit gives
// the same bytes.
func Write(w io.Writer, k *kit.Kit, course []byte, v Values) error {
	z := zip.NewWriter(w)
	for _, name := range []string{"setup.sh", "run_autograder"} {
		data, err := fill(name, v)
		if err != nil {
			return err
		}
		if err := add(z, name, 0o755, data); err != nil {
			return err
		}
	}
	if course != nil {
		if err := add(z, "course.yml", 0o644, course); err != nil {
			return err
		}
	}
	if err := addKit(z, k); err != nil {
		return fmt.Errorf("the kit for the bundle: %w", err)
	}
	return z.Close()
}

func addKit(z *zip.Writer, k *kit.Kit) error {
	for _, e := range k.Exercises {
		stub, err := e.Stub()
		if err != nil {
			return err
		}
		for _, name := range []string{"exercises/" + e.Folder + "/" + e.File, "testdata/attempts/" + e.Name + "/stub.go"} {
			if err := add(z, "kit/"+name, 0o644, stub); err != nil {
				return err
			}
		}
	}
	for _, top := range []string{"go.mod", "go.sum", "checker", "cmd", "exercises"} {
		err := filepath.WalkDir(filepath.Join(k.Root, top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(k.Root, path)
			if err != nil || !entry.Type().IsRegular() || !grades(filepath.ToSlash(name)) {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return add(z, "kit/"+filepath.ToSlash(name), 0o644, data)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// grades tells what of the kit is copied: in an exercise's own folder not the Go files that a learner or a teacher has written
// there, nor their backups.
func grades(name string) bool {
	parts := strings.Split(name, "/")
	if parts[0] != "exercises" || len(parts) == 2 {
		return true
	}
	if len(parts) == 3 {
		return !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")
	}
	return parts[2] == "program" || parts[2] == "testdata"
}

func add(z *zip.Writer, name string, mode fs.FileMode, data []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	h.SetMode(mode)
	f, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

// Package minikit makes a kit of three small exercises, for the tests of what works on a whole kit: greet is
// finished in every respect, greet-all and toil say of themselves that they are not.
//
// toil's program is busy by design. It announces that it works by a file called begun in its own folder: then a grade is
// known to be in its middle.
package minikit

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/build"
	"forklings/checker/kit"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed kit.txtar
var archive []byte

// New makes a kit in a temporary folder of the test.
func New(t testing.TB) *kit.Kit {
	t.Helper()
	root := t.TempDir()
	if err := Write(root); err != nil {
		t.Fatal(err)
	}
	k, err := kit.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Write makes a kit in a folder. It holds of the checkout what the programs are built from.
func Write(root string) error {
	checkout, err := kit.Locate(".")
	if err != nil {
		return err
	}
	for _, name := range []string{"go.mod", "go.sum", "cmd/programs", "checker/syncpoint", "checker/script"} {
		if err := Copy(filepath.Join(checkout, name), filepath.Join(root, name)); err != nil {
			return err
		}
	}
	for _, f := range txtar.Parse(archive).Files {
		if err := write(filepath.Join(root, f.Name), f.Data); err != nil {
			return err
		}
	}
	k, err := kit.Open(root)
	if err != nil {
		return err
	}
	for _, e := range k.Exercises {
		stub, err := os.ReadFile(filepath.Join(e.Dir, e.File))
		if err != nil {
			return err
		}
		test := "package " + e.Package + "\n\nimport (\n\t\"testing\"\n\n\t\"forklings/checker/gotest\"\n)\n\nfunc Test(t *testing.T) { gotest.Grade(t) }\n"
		if err := write(e.StubFile(), stub); err != nil {
			return err
		}
		if err := write(filepath.Join(e.Dir, strings.TrimSuffix(e.File, ".go")+"_test.go"), []byte(test)); err != nil {
			return err
		}
	}
	return write(filepath.Join(root, "cmd", "programs", "programs.go"), build.List(k.Exercises))
}

// Copy copies a file or a folder, tests and their data left out.
func Copy(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return write(to+strings.TrimPrefix(path, from), data)
	})
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

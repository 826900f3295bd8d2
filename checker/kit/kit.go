// Package kit finds the kit and what it holds: the folders are the list of the exercises.
package kit

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
)

// Module is the kit's module path.
const Module = "forklings"

// Kit is a checkout of the kit.
type Kit struct {
	Root      string     // absolute
	Exercises []Exercise // in the order of their numbers
}

// Locate returns the kit that dir is in: the folder, dir itself or above it, whose go.mod says "module forklings".
// Outside of a kit it is an error.
func Locate(dir string) (root string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		// What cannot be read is somebody else's, and passed over.
		if mod, err := os.ReadFile(filepath.Join(at, "go.mod")); err == nil && module(mod) == Module {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", lang.Errorf("%s is not in a clone of %s: no go.mod here or above says \"module %s\"; go into your clone and try again",
				dir, Module, Module)
		}
	}
}

var moduleLine = regexp.MustCompile(`(?m)^\s*module\s+"?([^\s"]+)"?\s*(//.*)?$`)

func module(mod []byte) string {
	if found := moduleLine.FindSubmatch(mod); found != nil {
		return string(found[1])
	}
	return ""
}

var goLine = regexp.MustCompile(`(?m)^go\s+([0-9][^\s]*)`)

// Go is the oldest Go that builds the kit, as its go.mod says: "1.25.0". It is "" where go.mod cannot be read.
func (k *Kit) Go() string {
	mod, _ := os.ReadFile(filepath.Join(k.Root, "go.mod"))
	if found := goLine.FindSubmatch(mod); found != nil {
		return string(found[1])
	}
	return ""
}

var (
	folderForm = regexp.MustCompile(`^([0-9]{1,4})-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$`)
	notNames   = []string{"init", "main", "programs"} // each would clash with cmd/programs
)

// Open reads which exercises the kit at root has. Folders not named like 07-join are not exercises.
// Two exercises of one number or one name are an error, as is a name that cannot be a package, where the exercise's test
// does not give the package another one.
func Open(root string) (*Kit, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(root, "exercises"))
	if err != nil {
		return nil, lang.Errorf("the kit at %s has no exercises: %w", root, err)
	}
	k := &Kit{Root: root}
	for _, entry := range entries {
		e, ok := parseFolder(entry.Name())
		if !ok {
			continue
		}
		e.Dir = filepath.Join(root, "exercises", e.Folder)
		// Stat, not the entry: a symbolic link is refused where the attempt is read, not passed over here.
		if info, err := os.Stat(e.Dir); err != nil || !info.IsDir() {
			continue
		}
		if !e.named() {
			e.Package = e.testPackage()
		}
		if err := e.check(); err != nil {
			return nil, err
		}
		for _, other := range k.Exercises {
			if err := clash(other, e); err != nil {
				return nil, err
			}
		}
		k.Exercises = append(k.Exercises, e)
	}
	slices.SortFunc(k.Exercises, func(a, b Exercise) int { return a.Number - b.Number })
	return k, nil
}

// parseFolder reads the name of an exercise's folder, such as 07-join.
func parseFolder(folder string) (Exercise, bool) {
	found := folderForm.FindStringSubmatch(folder)
	if found == nil {
		return Exercise{}, false
	}
	number, err := strconv.Atoi(found[1])
	if err != nil {
		return Exercise{}, false
	}
	return Exercise{
		Number:  number,
		Name:    found[2],
		Folder:  folder,
		Package: strings.ReplaceAll(found[2], "-", ""),
		File:    strings.ReplaceAll(found[2], "-", "_") + ".go",
	}, true
}

// named reports whether the package can be called as the exercise is.
func (e Exercise) named() bool {
	return !token.IsKeyword(e.Package) && !slices.Contains(notNames, e.Package)
}

// testPackage is what the exercise's test calls the package; without a test, it is called as the exercise is.
func (e Exercise) testPackage() string {
	test := filepath.Join(e.Dir, strings.TrimSuffix(e.File, ".go")+"_test.go")
	file, err := parser.ParseFile(token.NewFileSet(), test, nil, parser.PackageClauseOnly)
	if err != nil {
		return e.Package
	}
	return file.Name.Name
}

// check refuses a name that would not do as a package or as a file's name.
func (e Exercise) check() error {
	if !e.named() {
		return fmt.Errorf("exercises/%s: no package can be called %s; rename the exercise", e.Folder, e.Package)
	}
	if strings.HasSuffix(e.File, "_test.go") {
		return fmt.Errorf("exercises/%s: its file %s would be a test; rename the exercise", e.Folder, e.File)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		linux := build.Context{GOOS: "linux", GOARCH: arch, Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("package " + e.Package)), nil
		}}
		if match, err := linux.MatchFile(e.Dir, e.File); err == nil && !match {
			return fmt.Errorf("exercises/%s: its file %s would not be compiled on linux/%s; rename the exercise", e.Folder, e.File, arch)
		}
	}
	return nil
}

func clash(a, b Exercise) error {
	both := fmt.Sprintf("exercises/%s and exercises/%s", a.Folder, b.Folder)
	switch {
	case a.Name == b.Name:
		return fmt.Errorf("%s are both called %s; remove or rename one", both, a.Name)
	case a.Number == b.Number:
		return fmt.Errorf("%s are both number %d; remove or rename one", both, a.Number)
	case a.Package == b.Package:
		return fmt.Errorf("%s are both package %s; remove or rename one", both, a.Package)
	}
	return nil
}

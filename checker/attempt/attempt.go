// Package attempt reads what a learner handed in, as data, without trusting it: no link is followed, nothing is
// waited for, nothing big is read, and what cannot be graded is refused by name, exercise by exercise.
package attempt

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// A File is one Go file of an attempt.
type File struct {
	Name string // its name in the exercise's folder
	Path string // where the learner keeps it, absolute
	Data []byte
}

// Shown is the path as a learner likes to read it: relative if the file is below the current directory.
func (f File) Shown() string { return shown(f.Path) }

// Handed is the attempt at one exercise.
type Handed struct {
	Exercise kit.Exercise
	Dir      string // the folder it was read from, absolute
	Files    []File // sorted by name
	Err      error  // what makes it ungradable, to be read by the learner; nil if it can be built
}

// Attempt is what was handed in: at least one exercise, in the kit's order.
type Attempt struct {
	Dir     string
	Handed  []Handed
	Unknown []string // folders named like an exercise that the kit does not have
}

// Read reads the attempt in dir, which holds exercises/07-join/*.go, 07-join/*.go or join/*.go. A folder counts by its
// name, whatever its number. An exercise that cannot be graded carries its own error and spoils no other.
//
// It is an error if dir is missing or not a folder, or if it holds no exercise.
func Read(k *kit.Kit, dir string) (*Attempt, error) {
	if dir == "" {
		return nil, lang.Errorf("no folder given for the attempt")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, lang.Errorf("no attempt at %s: there is no such folder", dir)
	case err != nil:
		return nil, lang.Errorf("no attempt: %w", err)
	case !info.IsDir():
		return nil, lang.Errorf("no attempt at %s: it is not a folder; give the folder that holds 07-join/ or exercises/07-join/", dir)
	}
	below := filepath.Join(dir, "exercises")
	if info, err := os.Lstat(below); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, lang.Errorf("%s is a symbolic link; hand in the folder itself", below)
	}
	for _, at := range []string{below, dir} {
		a, err := readFolders(k, at)
		if err != nil && !(at == below && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotDir))) {
			return nil, err
		}
		if a != nil && len(a.Handed) > 0 {
			a.Dir = dir
			return a, nil
		}
	}
	example := "join"
	if len(k.Exercises) > 0 {
		example = k.Exercises[0].Folder
	}
	return nil, lang.Errorf("no attempt in %s: looked for folders such as exercises/%s/ or %[2]s/, and found none of the kit's %d exercises",
		dir, example, len(k.Exercises))
}

var numbered = regexp.MustCompile(`^[0-9]+-`)

func readFolders(k *kit.Kit, dir string) (*Attempt, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, lang.Errorf("cannot read the attempt: %w", err)
	}
	a := &Attempt{Dir: dir}
	folders := map[string][]string{}
	for _, entry := range entries {
		if !entry.IsDir() && entry.Type()&fs.ModeSymlink == 0 {
			continue
		}
		name := numbered.ReplaceAllString(entry.Name(), "")
		known := slices.ContainsFunc(k.Exercises, func(e kit.Exercise) bool { return e.Name == name })
		switch {
		case known:
			folders[name] = append(folders[name], entry.Name())
		case name != entry.Name():
			a.Unknown = append(a.Unknown, entry.Name())
		}
	}
	for _, e := range k.Exercises {
		switch found := folders[e.Name]; len(found) {
		case 0:
		case 1:
			a.Handed = append(a.Handed, readFolder(e, filepath.Join(dir, found[0])))
		default:
			a.Handed = append(a.Handed, Handed{Exercise: e, Dir: dir,
				Err: lang.Errorf("%s: folders %s are all attempts at %s; keep one", shown(dir), strings.Join(found, ", "), e.Name)})
		}
	}
	return a, nil
}

// Own reads the kit's own tree as the attempt: what a learner wrote into their clone.
func Own(k *kit.Kit) (*Attempt, error) {
	if len(k.Exercises) == 0 {
		return nil, lang.Errorf("the kit at %s has no exercises", k.Root)
	}
	a := &Attempt{Dir: k.Root}
	for _, e := range k.Exercises {
		a.Handed = append(a.Handed, readFolder(e, e.Dir))
	}
	return a, nil
}

// Single takes files from anywhere as the attempt at e. The first stands for e.File, whatever it is called, unless one
// of them has that name.
func Single(e kit.Exercise, files ...string) Handed {
	h := Handed{Exercise: e}
	if len(files) == 0 {
		h.Err = lang.Errorf("no file given as the attempt at %s", e.Name)
		return h
	}
	named := slices.ContainsFunc(files, func(f string) bool { return filepath.Base(f) == e.File })
	r := reader{exercise: e}
	for i, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			r.refuse(err)
			continue
		}
		name := filepath.Base(path)
		if i == 0 && !named {
			name = e.File
		}
		r.file(filepath.Dir(path), filepath.Base(path), name)
	}
	abs, _ := filepath.Abs(files[0])
	h.Dir = filepath.Dir(abs)
	h.Files, h.Err = r.result()
	return h
}

// Untouched tells whether the attempt is the stub as it was shipped. Line ends and white space at the end of a line or of
// the file make no difference.
func (h Handed) Untouched() bool {
	if h.Err != nil || len(h.Files) != 1 || h.Files[0].Name != h.Exercise.File {
		return false
	}
	stub, err := h.Exercise.Stub()
	return err == nil && bytes.Equal(trimmed(stub), trimmed(h.Files[0].Data))
}

func trimmed(data []byte) []byte {
	lines := bytes.Split(data, []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimRight(lines[i], " \t\r")
	}
	return bytes.TrimRight(bytes.Join(lines, []byte("\n")), "\n")
}

func shown(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return rel
}

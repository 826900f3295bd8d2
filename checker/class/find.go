package class

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/lang"
)

// Submission is what one learner handed in.
type Submission struct {
	Learner string // the name of the folder, or of the archive without its ending
	Path    string // absolute
	Err     error  // why it cannot be read
}

// endings are those of the archives that can be read.
var endings = []string{".zip", ".tar.gz", ".tgz"}

// archive tells the archives among files, and their names without the ending.
func archive(name string) (base string, ok bool) {
	for _, ending := range endings {
		if n := len(name) - len(ending); n > 0 && strings.EqualFold(name[n:], ending) {
			return name[:n], true
		}
	}
	return name, false
}

// Find lists the submissions in these folders, by learner: each folder and each archive in them is one learner's. Hidden files, whose
// names begin with one dot, and the files except are passed over; anything else that is there is a submission with an error of its own, as is what was handed in twice. The
// error is for a folder that cannot be listed.
func Find(l lang.Lang, dirs, except []string) ([]Submission, error) {
	var all []Submission
	for _, dir := range dirs {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		entries, err := os.ReadDir(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, errors.New(l.Sprintf("no class at %s: there is no such folder", dir))
		case err != nil:
			return nil, errors.New(l.Sprintf("no class at %s: %v; give the folder that holds a folder or an archive for each learner", dir, err))
		}
		for _, entry := range entries {
			path := filepath.Join(dir, entry.Name())
			if hidden(entry.Name()) || entry.Name() == "__MACOSX" || slices.ContainsFunc(except, func(name string) bool { return same(name, path) }) {
				continue
			}
			all = append(all, submission(l, path, entry))
		}
	}
	slices.SortStableFunc(all, func(a, b Submission) int { return cmp.Compare(a.Learner, b.Learner) })
	return twice(l, all), nil
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "..") }

// same tells whether a file that is to be written is this one, or one that SQLite keeps beside it.
func same(name, path string) bool {
	name, err := filepath.Abs(name)
	return err == nil && (path == name || path == name+"-wal" || path == name+"-journal" || path == name+"-shm")
}

func submission(l lang.Lang, path string, entry fs.DirEntry) Submission {
	name, packed := archive(entry.Name())
	s := Submission{Learner: name, Path: path}
	switch mode := entry.Type(); {
	case mode.IsDir():
		s.Learner = entry.Name()
	case mode&fs.ModeSymlink != 0:
		s.Err = errors.New(l.Sprintf("%s is a symbolic link; hand in the folder or the archive itself", entry.Name()))
	case !mode.IsRegular():
		s.Err = errors.New(l.Sprintf("%s is neither a folder nor an archive", entry.Name()))
	case !packed:
		s.Err = errors.New(l.Sprintf("%s is no archive that can be read; hand in a folder, or a file that ends in .zip or .tar.gz", entry.Name()))
	}
	if !utf8.ValidString(s.Learner) || strings.ContainsFunc(s.Learner, unprintable) {
		s.Learner = quoted(s.Learner)
		s.Err = errors.New(l.Sprintf("the name %s is not plain text; rename it", s.Learner))
	}
	if s.Err == nil && strings.HasPrefix(s.Learner, "..") {
		s.Err = errors.New(l.Sprintf("the name %s begins with dots; rename it", s.Learner))
	}
	return s
}

// unprintable are characters that make one name look like another one, or break a line.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// twice makes one submission with an error of those that have the same name.
func twice(l lang.Lang, sorted []Submission) (out []Submission) {
	for _, s := range sorted {
		if n := len(out) - 1; n >= 0 && out[n].Learner == s.Learner {
			out[n].Err = errors.New(l.Sprintf("%s is handed in twice: %s and %s; keep one", s.Learner, out[n].Path, s.Path))
			continue
		}
		out = append(out, s)
	}
	return out
}

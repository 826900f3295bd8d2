package attempt

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// The limits of an attempt at one exercise.
const (
	maxFile  = 1 << 20 // bytes
	maxTotal = 4 << 20 // bytes
	maxFiles = 64
)

// reader collects the files of one exercise, and what is wrong with them.
type reader struct {
	exercise kit.Exercise
	files    []File
	total    int64
	left     []string // files that the build constraints leave out
	errs     []error
}

func (r *reader) refuse(err error) { r.errs = append(r.errs, err) }

// readFolder reads the Go files directly in dir as the attempt at e.
func readFolder(e kit.Exercise, dir string) Handed {
	h := Handed{Exercise: e, Dir: dir}
	folder, err := openFolder(dir)
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		h.Err = lang.Errorf("%s is %s; hand in the folder itself", shown(dir), kind(info.Mode()))
		return h
	}
	if err != nil {
		h.Err = lang.Errorf("cannot read the attempt at %s: %w", e.Name, err)
		return h
	}
	defer folder.Close()
	entries, err := folder.ReadDir(-1)
	if err != nil {
		h.Err = lang.Errorf("cannot read the attempt at %s: %w", e.Name, err)
		return h
	}
	r := reader{exercise: e}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && counts(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	if len(names) > maxFiles {
		h.Err = lang.Errorf("%s has %d Go files; an attempt has at most %d", shown(dir), len(names), maxFiles)
		return h
	}
	slices.Sort(names)
	for _, name := range names {
		r.fileIn(folder, dir, name, name)
	}
	h.Files, h.Err = r.result()
	if h.Err == nil && len(h.Files) == 0 {
		h.Err = lang.Errorf("%s has no Go file; checker reset %s brings the stub back", shown(dir), e.Name)
		if len(r.left) > 0 {
			h.Err = lang.Errorf("%s: its build constraints leave it out on linux, and then %s has no Go file; take them out, or checker reset %[3]s brings the stub back",
				strings.Join(r.left, ", "), shown(dir), e.Name)
		}
	}
	return h
}

// counts tells whether the go tool would take a file of that name into the package.
func counts(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".")
}

// file reads a file in dir as the exercise's file of the name as.
func (r *reader) file(dir, name, as string) {
	folder, err := os.Open(dir)
	if err != nil {
		r.refuse(err)
		return
	}
	defer folder.Close()
	r.fileIn(folder, dir, name, as)
}

func (r *reader) fileIn(folder *os.File, dir, name, as string) {
	f := File{Name: as, Path: filepath.Join(dir, name)}
	data, err := r.read(folder, f, name)
	if err != nil {
		r.refuse(err)
		return
	}
	f.Data = data
	r.total += int64(len(data))
	if err := checkText(f); err != nil {
		r.refuse(err)
		return
	}
	if !compiled(f) {
		r.left = append(r.left, f.Shown())
		return
	}
	if err := checkGo(r.exercise, f); err != nil {
		r.refuse(err)
		return
	}
	r.files = append(r.files, f)
}

// read returns the file's bytes, if it is a regular file of a sane size. It never blocks and follows no link.
func (r *reader) read(folder *os.File, f File, name string) ([]byte, error) {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return nil, lang.Errorf("%q: a file's name must be UTF-8 without control characters; rename it", name)
	}
	file, mode, err := openFile(folder, name)
	switch {
	case err != nil:
		return nil, lang.Errorf("%s cannot be read: %w", f.Shown(), errors.Unwrap(err))
	case file == nil:
		return nil, lang.Errorf("%s is %s; hand in regular files only", f.Shown(), kind(mode))
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, lang.Errorf("%s has %d bytes; a file of an attempt has at most %d", f.Shown(), info.Size(), maxFile)
	}
	if r.total+info.Size() > maxTotal {
		return nil, lang.Errorf("%s: with it the attempt at %s has more than %d bytes", f.Shown(), r.exercise.Name, maxTotal)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, lang.Errorf("%s cannot be read: %w", f.Shown(), errors.Unwrap(err))
	}
	if len(data) > maxFile { // it grew meanwhile
		return nil, lang.Errorf("%s has more than %d bytes; a file of an attempt has no more", f.Shown(), maxFile)
	}
	return data, nil
}

func (r *reader) result() ([]File, error) {
	if len(r.errs) > 0 {
		return r.files, errors.Join(r.errs...)
	}
	return r.files, nil
}

func kind(mode fs.FileMode) lang.Words {
	switch {
	case mode&fs.ModeSymlink != 0:
		return lang.Mark("a symbolic link")
	case mode&fs.ModeNamedPipe != 0:
		return lang.Mark("a FIFO")
	case mode&fs.ModeSocket != 0:
		return lang.Mark("a socket")
	case mode&fs.ModeDevice != 0:
		return lang.Mark("a device")
	case mode.IsDir():
		return lang.Mark("a folder")
	}
	return lang.Mark("no regular file")
}

package class

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/progress"
	"forklings/checker/result"
	"forklings/checker/tempdir"

	"golang.org/x/sys/unix"
)

// part is what a submission holds for one exercise.
type part struct {
	exercise kit.Exercise
	key      string        // of its verdict; "": there is none to come, and the status says why
	status   result.Status // without a key: todo or error
	message  string
	files    []attempt.File // with a key
}

// deepest is how many folders may stand around those of the exercises, as archives of repositories have them.
const deepest = 3

// mostNames is how many entries a submission's folder may have.
const mostNames = 10_000

// maxSubmission is how many bytes of Go a submission has at most.
const maxSubmission = 8 << 20

// reader reads submissions.
type reader struct {
	*Class
	keys *progress.Keys
}

// read reads a submission: a part for each exercise, also for those that do not count this time. The error is why it cannot be read, for its learner and teacher, or ctx's.
func (r *reader) read(ctx context.Context, s Submission) ([]part, error) {
	if s.Err != nil {
		return nil, s.Err
	}
	a, err := r.attempt(ctx, s.Path, deepest)
	if err != nil {
		return nil, err
	}
	var parts []part
	total := 0
	for _, e := range r.Kit.Exercises {
		p := part{exercise: e, status: result.Todo}
		for _, h := range a.Handed {
			if h.Exercise.Name != e.Name {
				continue
			}
			switch {
			case h.Err != nil:
				p.status, p.message = result.Error, r.Lang.Error(h.Err)
			case !h.Untouched():
				if p.key, err = r.key(h); err != nil {
					return nil, fault{err}
				}
				p.status, p.files = "", h.Files
				for _, f := range h.Files {
					total += len(f.Data)
				}
			}
		}
		parts = append(parts, p)
	}
	if total > maxSubmission {
		return nil, errors.New(r.Lang.Sprintf("its Go files have %d bytes; a submission has at most %d", total, maxSubmission))
	}
	return parts, nil
}

// key stands for an attempt and all that decides its verdict, and what is shown with it.
func (r *reader) key(h attempt.Handed) (string, error) {
	key, err := r.keys.Of(h)
	if err == nil && r.Grader.Trace == grade.TraceNothing {
		key += "-untraced"
	}
	return key, err
}

// attempt reads a folder or an archive. Where the exercises are not directly in it, but one folder or one archive is, that one is read.
func (r *reader) attempt(ctx context.Context, path string, deep int) (*attempt.Attempt, error) {
	if _, packed := archive(path); packed {
		if info, err := os.Lstat(path); err == nil && !info.IsDir() {
			return r.unpacked(ctx, path, deep)
		}
	}
	only, err := r.only(path)
	if err != nil {
		return nil, err
	}
	a, err := attempt.Read(r.Kit, path)
	if err == nil || only == "" || deep == 0 {
		return a, err
	}
	return r.attempt(ctx, filepath.Join(path, only), deep-1)
}

// unpacked reads an archive. What is said of it names the archive, and not the folder that it was unpacked into.
func (r *reader) unpacked(ctx context.Context, path string, deep int) (*attempt.Attempt, error) {
	dir, remove, err := tempdir.New()
	if err != nil {
		return nil, fault{err}
	}
	defer remove()
	if err := unpack(ctx, r.Kit, r.Lang, path, dir); err != nil {
		if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
			return nil, fault{err}
		}
		return nil, r.named(err, dir, path)
	}
	a, err := r.attempt(ctx, dir, min(deep, deepest-1))
	if err != nil {
		return nil, r.named(err, dir, path)
	}
	for i, h := range a.Handed {
		if h.Err != nil {
			a.Handed[i].Err = r.named(h.Err, dir, path)
		}
	}
	return a, nil
}

// fault is an error that is no submission's.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

// named puts another name in the place of a folder's.
func (r *reader) named(err error, dir, name string) error {
	if text := r.Lang.Error(err); strings.Contains(text, dir) {
		return errors.New(strings.NewReplacer(dir+"/", name+"/", dir, name).Replace(text))
	}
	return err
}

// only is the one folder or archive in a folder, "" when there is not exactly one.
func (r *reader) only(dir string) (name string, err error) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	f := os.NewFile(uintptr(fd), dir)
	defer f.Close()
	entries, _ := f.ReadDir(mostNames + 1) // what cannot be read is told by who reads it for its exercises
	if len(entries) > mostNames {
		return "", errors.New(r.Lang.Sprintf("%s has more than %d entries", dir, mostNames))
	}
	n := 0
	for _, entry := range entries {
		_, packed := archive(entry.Name())
		if !strings.HasPrefix(entry.Name(), ".") && entry.Name() != "__MACOSX" && (entry.IsDir() || packed && entry.Type().IsRegular()) {
			n, name = n+1, entry.Name()
		}
	}
	if n != 1 {
		return "", nil
	}
	return name, nil
}

// openRegular opens a regular file; it follows no link and waits for nothing.
func openRegular(path string) (*os.File, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrInvalid}
	}
	return f, nil
}

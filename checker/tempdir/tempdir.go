// Package tempdir makes folders that do not outlive their maker for long: what a killed checker left behind,
// the next one removes.
package tempdir

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"forklings/checker/lang"
)

const (
	prefix = "forklings-"
	fresh  = "new-forklings-" // not locked yet
)

// New makes a folder below os.TempDir and returns its removal. The maker holds a lock on it (flock(2)) as long
// as it lives; folders of this user that nobody holds are removed first. An error says what to do.
func New() (dir string, remove func(), err error) {
	sweep(os.TempDir())
	made, err := os.MkdirTemp("", fresh)
	if err != nil {
		return "", nil, lang.Errorf("no temporary folder: %w (TMPDIR chooses another place)", err)
	}
	lock, err := hold(made)
	if err == nil {
		// Only now it gets the name that others sweep.
		dir = filepath.Join(filepath.Dir(made), prefix+strings.TrimPrefix(filepath.Base(made), fresh))
		err = os.Rename(made, dir)
	}
	if err != nil {
		return "", nil, errors.Join(lang.Errorf("temporary folder: %w", err), os.RemoveAll(made))
	}
	return dir, func() {
		removeAll(dir)
		unix.Close(lock)
	}, nil
}

// removeAll removes the folder, also what a program in it made unreadable.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}

func hold(dir string) (fd int, err error) {
	fd, err = unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// halfMade is how old a folder without a lock must be before its maker is taken for dead.
const halfMade = time.Hour

func sweep(in string) {
	names, _ := filepath.Glob(filepath.Join(in, prefix+"*"))
	half, _ := filepath.Glob(filepath.Join(in, fresh+"*"))
	for _, dir := range append(names, half...) {
		var st unix.Stat_t
		if unix.Lstat(dir, &st) != nil || int(st.Uid) != os.Geteuid() {
			continue
		}
		if strings.HasPrefix(filepath.Base(dir), fresh) && time.Since(time.Unix(st.Mtim.Unix())) < halfMade {
			continue
		}
		if fd, err := hold(dir); err == nil {
			removeAll(dir)
			unix.Close(fd)
		}
	}
}

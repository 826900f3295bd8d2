// Package tempdir makes folders that do not outlive their maker for long: what a killed checker left behind,
// the next one removes.
package tempdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
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
		return "", nil, fmt.Errorf("no temporary folder: %w (TMPDIR chooses another place)", err)
	}
	lock, err := hold(made)
	if err == nil {
		// Only now it gets the name that others sweep.
		dir = filepath.Join(filepath.Dir(made), prefix+strings.TrimPrefix(filepath.Base(made), fresh))
		err = os.Rename(made, dir)
	}
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("temporary folder: %w", err), os.RemoveAll(made))
	}
	return dir, func() {
		os.RemoveAll(dir)
		unix.Close(lock)
	}, nil
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

func sweep(in string) {
	names, _ := filepath.Glob(filepath.Join(in, prefix+"*"))
	for _, dir := range names {
		var st unix.Stat_t
		if unix.Lstat(dir, &st) != nil || int(st.Uid) != os.Geteuid() {
			continue
		}
		if fd, err := hold(dir); err == nil {
			os.RemoveAll(dir)
			unix.Close(fd)
		}
	}
}

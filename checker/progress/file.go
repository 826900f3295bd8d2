package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const (
	fileName  = "state.json"
	lockName  = "lock"
	temporary = ".state-*" // beside the file, until it takes its place
)

// patience is how long the state may be held by another checker, which holds it for milliseconds unless it was stopped.
const patience = 3 * time.Second

func (s *Store) file() string { return filepath.Join(s.dir, fileName) }

// lock keeps other checkers out of the state (flock(2)) until it is undone. The folder is made when it is missing.
func (s *Store) lock() (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, lockName), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil, errors.Is(err, unix.ENOLCK), errors.Is(err, unix.EOPNOTSUPP): // some network file systems have no locks
			return func() { f.Close() }, nil
		case !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR), time.Now().After(end):
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// read gives the state in the file; without a file an empty one. An error means that the file is no state of this version.
func read(name string) (state, error) {
	empty := state{Schema: schema}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return empty, err
	}
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return empty, err
	}
	if s.Schema != schema {
		return empty, fmt.Errorf("schema %q", s.Schema)
	}
	for name, r := range s.Exercises {
		if r == nil {
			delete(s.Exercises, name)
		}
	}
	return s, nil
}

// write replaces the file by a whole one, or leaves the old one: the new one is on the disk before it takes the name. The
// caller holds the lock.
func write(name string, s state) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	half, _ := filepath.Glob(filepath.Join(filepath.Dir(name), temporary))
	for _, old := range half { // of a writer that was killed
		os.Remove(old)
	}
	f, err := os.CreateTemp(filepath.Dir(name), temporary)
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = beforeRename(f.Name())
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	if dir, err := os.Open(filepath.Dir(name)); err == nil { // the name, too
		dir.Sync()
		dir.Close()
	}
	return nil
}

// beforeRename is where a test ends the writer.
var beforeRename = func(half string) error { return nil }

// setAside moves a file away that cannot be used, and says so.
func (s *Store) setAside(why error) (notice string) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s.damaged-%d", s.file(), n)
		if _, err := os.Lstat(name); err == nil {
			continue
		}
		if err := os.Rename(s.file(), name); err != nil {
			return s.lang.Sprintf("What this clone remembers cannot be read (%v), nor be set aside (%v): everything is graded again.", why, err)
		}
		return s.lang.Sprintf("What this clone remembers cannot be read (%[1]v). It was set aside as %[2]s; the verdicts are derived anew, and which hints were seen is forgotten.",
			why, filepath.Join(Folder, filepath.Base(name)))
	}
}

// unwritable says why nothing is remembered.
func (s *Store) unwritable(err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return s.lang.Sprintf("Nothing new is remembered: the disk is full (%s). Make room; until then everything new is graded again.", s.dir)
	case errors.Is(err, unix.EWOULDBLOCK):
		return s.lang.Sprintf("Nothing new is remembered: another checker holds %s, perhaps one that was stopped with Ctrl-Z.", filepath.Join(s.dir, lockName))
	}
	return s.lang.Sprintf("Nothing new is remembered: %v. Everything else works.", err)
}

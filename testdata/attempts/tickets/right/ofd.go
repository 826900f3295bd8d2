// An open file description lock (F_OFD_SETLKW), and a new file with a name of its own for every sale.

package tickets

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

type data struct {
	Count int `json:"count"`
}

func Left(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "data.json"))
	if err != nil {
		return 0, err
	}
	var d data
	err = json.Unmarshal(text, &d)
	return d.Count, err
}

func Buy(dir string, pay func(left int) error) (bool, error) {
	unlock, err := lock(dir)
	if err != nil {
		return false, err
	}
	defer unlock()
	left, err := Left(dir)
	if err != nil || left < 1 {
		return false, err
	}
	if err := pay(left); err != nil {
		return false, err
	}
	if err := store(dir, left-1); err != nil {
		return false, err
	}
	return true, nil
}

func store(dir string, count int) (err error) {
	f, err := os.CreateTemp(dir, "data-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := json.NewEncoder(f).Encode(data{count}); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, "data.json"))
}

func lock(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	whole := unix.Flock_t{Type: unix.F_WRLCK}
	for err = unix.EINTR; err == unix.EINTR; {
		err = unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLKW, &whole)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// A lock of fcntl on data.json: it is lost when the process closes another descriptor of it, as Left does.

package tickets

import (
	"encoding/json"
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
	f, err := lock(dir)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var d data
	if err := json.NewDecoder(f).Decode(&d); err != nil || d.Count < 1 {
		return false, err
	}
	if err := pay(d.Count); err != nil {
		return false, err
	}
	if err := store(dir, d.Count-1); err != nil {
		return false, err
	}
	return true, nil
}

func store(dir string, count int) error {
	text, err := json.Marshal(data{count})
	if err != nil {
		return err
	}
	fresh := filepath.Join(dir, "data.json.new")
	if err := os.WriteFile(fresh, text, 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, "data.json"))
}

func lock(dir string) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, "data.json"), os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		if err := unix.FcntlFlock(f.Fd(), unix.F_SETLKW, &unix.Flock_t{Type: unix.F_WRLCK}); err != nil {
			f.Close()
			return nil, err
		}
		locked, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, err
		}
		if named, err := os.Stat(f.Name()); err == nil && os.SameFile(locked, named) {
			return f, nil
		}
		f.Close()
	}
}

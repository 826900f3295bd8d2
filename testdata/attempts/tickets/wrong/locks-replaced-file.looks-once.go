// Locks data.json, locks the new one when it was replaced meanwhile, and does not look a second time.

package tickets

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
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
	f, err := locked(dir)
	if err != nil {
		return nil, err
	}
	old, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if now, err := os.Stat(f.Name()); err == nil && os.SameFile(old, now) {
		return f, nil
	}
	f.Close()
	return locked(dir)
}

func locked(dir string) (*os.File, error) {
	f, err := os.Open(filepath.Join(dir, "data.json"))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

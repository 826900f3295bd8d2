// A lock between the goroutines of one process.

package tickets

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
)

type data struct {
	Count int `json:"count"`
}

var lock sync.Mutex

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
	lock.Lock()
	defer lock.Unlock()
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

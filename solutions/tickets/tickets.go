// Package tickets sells tickets to processes that know nothing of each other.
//
// What is left stands in the file data.json of a folder: {"count": 3}. Every other name in the folder is free for
// this package to use.
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

// Left tells how many tickets are left, as dir/data.json says at this moment. It needs no lock: a reader has either
// the old file or the new one, and each is whole.
func Left(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "data.json"))
	if err != nil {
		return 0, err
	}
	var d data
	err = json.Unmarshal(text, &d)
	return d.Count, err
}

// Buy buys one ticket, under a lock that all buyers of this folder share. It calls pay with the count that was read,
// and stores one less when pay returns nil. Sold out is false and nil.
func Buy(dir string, pay func(left int) error) (bool, error) {
	unlock, err := lock(dir)
	if err != nil {
		return false, err
	}
	defer unlock() // on every way out, a panic of pay included

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

// store replaces data.json: rename(2) puts the new file in the place of the old one in a single step. Only who has
// the lock comes here, so one name for the new file does for all; one that a killed buyer left is overwritten.
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

// lock sleeps until this process has the lock of the folder. It is on a file of its own, which stays: data.json
// becomes another file with every sale, and a lock on it would be on the old one.
func lock(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, &os.PathError{Op: "flock", Path: f.Name(), Err: err}
	}
	return func() {
		syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // also when a child has inherited the descriptor
		f.Close()
	}, nil
}
